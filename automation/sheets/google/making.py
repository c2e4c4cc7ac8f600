"""A new spreadsheet in a folder on Google."""

from __future__ import annotations

from automation.sheets.google.client import DRIVE_URL, SHEETS_URL, SPREADSHEET, GoogleClient
from automation.sheets.google.failures import Place, again_after, call_patiently
from automation.sheets.google.links import folder_id, folder_link, spreadsheet_link

#: What it is set to.
LOCAL = {"locale": "id_ID", "timeZone": "Asia/Jakarta"}


def create(client: GoogleClient, link: str, name: str, tab: str) -> str:
    """Make a spreadsheet of this name in the folder behind a link, with one empty tab and the city's language and
    time; returns its id. Without the latter it would still work, in the language of its owner."""
    folder = folder_id(link) or link
    file = {"name": name, "mimeType": SPREADSHEET, "parents": [folder]}
    sent = False

    def make() -> str:
        """Not simply again: an answer that was lost may have left a spreadsheet behind."""
        nonlocal sent
        if sent and (there := [id for id, named in client.folder(link) if named == name]):
            return there[0]
        sent = True
        params = {"fields": "id", "supportsAllDrives": "true"}
        return str(client.send("post", f"{DRIVE_URL}/files", params, file)["id"])

    id = client.attempt(lambda: call_patiently(make, again_after), Place(name, folder_link(folder)), writing=True)
    local = {"updateSpreadsheetProperties": {"properties": LOCAL, "fields": ",".join(LOCAL)}}
    called = {"updateSheetProperties": {"properties": {"sheetId": 0, "title": tab}, "fields": "title"}}
    url, body = f"{SHEETS_URL}/{id}:batchUpdate", {"requests": [local, called]}
    client.ask(Place(name, spreadsheet_link(id)), "post", url, {"fields": "spreadsheetId"}, body)
    return id
