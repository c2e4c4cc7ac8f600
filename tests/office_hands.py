"""Somebody at LibreOffice: opens a workbook, types, sorts, deletes, saves and closes.

Run by a Python that has LibreOffice's `uno` (often the system's own, not the one of the tests; nothing of the project
is needed) as ``python office_hands.py SOFFICE PROFILE``. Its standard input is JSON: ``[[path, [step, …]], …]``, a step
being ``["type", tab, row, column, text]``, ``["press", tab, row, column, button]``, ``["sort", tab, column]`` or
``["delete", tab, row]``, 0-based.
"""

import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]
from com.sun.star.lang import DisposedException  # type: ignore[import-not-found]
from com.sun.star.table import TableSortField  # type: ignore[import-not-found]

PATIENCE = 60.0


def prop(name: str, value: object) -> Any:
    return PropertyValue(Name=name, Value=value)


class Office:
    def __init__(self, soffice: str, profile: str) -> None:
        pipe = f"hands{abs(hash(profile))}"
        home = f"-env:UserInstallation={Path(profile).resolve().as_uri()}"
        self.process = subprocess.Popen(
            [soffice, home, f"--accept=pipe,name={pipe};urp;", "--headless", "--norestore", "--nologo"]
        )
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except NoConnectException:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.05)
        self.desktop = self.create("com.sun.star.frame.Desktop")
        self.dispatcher = self.create("com.sun.star.frame.DispatchHelper")

    def create(self, service: str) -> Any:
        return self.context.ServiceManager.createInstanceWithContext(service, self.context)

    def edit(self, path: str, steps: list[list[Any]]) -> None:
        url = Path(path).resolve().as_uri()
        document = self.desktop.loadComponentFromURL(url, "_blank", 0, (prop("Hidden", value=True),))
        for what, tab, *how in steps:
            getattr(self, what)(document, document.Sheets.getByName(tab), *how)
        document.store()
        document.close(True)

    def type(self, document: Any, sheet: Any, row: int, column: int, text: str) -> None:
        """Go to the cell, type, and press Enter: LibreOffice makes of it what it makes of what people type."""
        controller = document.CurrentController
        controller.setActiveSheet(sheet)
        controller.select(sheet.getCellByPosition(column, row))
        self.dispatcher.executeDispatch(controller.Frame, ".uno:EnterString", "", 0, (prop("StringName", text),))

    def press(self, document: Any, sheet: Any, row: int, column: int, button: str) -> None:
        """Go to the cell, and press a button of the toolbar, such as ``SortDescending``."""
        controller = document.CurrentController
        controller.setActiveSheet(sheet)
        controller.select(sheet.getCellByPosition(column, row))
        self.dispatcher.executeDispatch(controller.Frame, f".uno:{button}", "", 0, ())

    def sort(self, _: Any, sheet: Any, column: int) -> None:
        """Select the table and sort it by a column, the headings staying."""
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        field = TableSortField(Field=column, IsAscending=True)
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        table = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
        table.sort((prop("ContainsHeader", value=True), prop("SortFields", fields)))

    def delete(self, _: Any, sheet: Any, row: int) -> None:
        """Delete a whole row."""
        sheet.Rows.removeByIndex(row, 1)

    def close(self) -> None:
        with suppress(DisposedException):  # the connection goes down with it
            self.desktop.terminate()
        self.process.wait(timeout=PATIENCE)


if __name__ == "__main__":
    office = Office(*sys.argv[1:])
    try:
        for path, steps in json.load(sys.stdin):
            office.edit(path, steps)
    finally:
        office.close()
