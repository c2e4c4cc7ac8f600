"""What a tab on Google lacks of its look, as requests.

Views, charts and protections get ids of our own, which are the same in every process. Adding an id that exists is an
error, so that of two processes that dress the same tab at the same moment only the first gets through.
"""

from msgspec.structs import replace

from automation.model.cells import fold_title
from automation.sheets.google import resources as api
from automation.sheets.google.present import Present, colour_in, holds
from automation.sheets.google.resources import Request, grown
from automation.sheets.looks.dressing import Feature, Kind, Way, apply, coalesced, extent, missing_features
from automation.sheets.looks.formulas import said
from automation.sheets.looks.model import Chart, FilterView, Format, Place, Rule, TabLook

#: Kinds for which the first rows of people's columns are not enough to tell what is missing.
_BELOW = (Kind.FORMAT, Kind.WRAPPED, Kind.ALLOWED)


class GoogleTab:
    """A tab that is given its look. `tabs` are all tabs, by their folded titles, `taken` the ids of the objects in
    them, and `robot` is the address that may edit protected tabs."""

    def __init__(self, look: TabLook, present: Present, tabs: dict[str, Present], taken: set[int], robot: str) -> None:
        self.look, self.present, self._tabs, self._taken = look, present, tabs, taken
        self._rules = len(present.all("conditionalFormats"))
        self._requests: list[Request] = []
        self.styled, self.is_empty = present.styled, present.is_empty
        ask, put, shape, area = self._ask, self._put, self._format_cells, self._at
        guards, rules = present.all("protectedRanges"), present.rules()
        self.ways: dict[Kind, Way] = {
            Kind.UNMERGE: (present.merges, lambda place, _: ask("unmergeCells", range=area(place))),
            Kind.MERGE: (present.merges, lambda place, _: ask("mergeCells", range=area(place), mergeType="MERGE_ALL")),
            Kind.STYLE: (
                lambda place, _: present.style(place, exactly=look.ours),
                lambda place, wish: shape(place, api.format_of(wish), exactly=look.ours),
            ),
            Kind.FORMULA: (present.entered, lambda place, wish: put(place, userEnteredValue={"formulaValue": wish})),
            Kind.NOTE: (
                lambda place, _: present.cell(*place[:2]).get("note"),
                lambda place, wish: put(place, note=wish),
            ),
            Kind.WIDTH: self._sized("columnMetadata", "COLUMNS", 1),
            Kind.HEIGHT: self._sized("rowMetadata", "ROWS", 0),
            Kind.FORMAT: (self._format, lambda place, wish: shape(place, {"numberFormat": api.FORMATS[wish]})),
            Kind.WRAPPED: (
                lambda place, _: bool(present.below(place, "wrapStrategy")),
                lambda place, _: shape(place, {"wrapStrategy": "WRAP"}),
            ),
            Kind.ALLOWED: (
                lambda place, wish: any("dataValidation" in cell for _, cell in present.cells(place)) and wish,
                lambda place, wish: ask("setDataValidation", range=area(place), rule=api.validation(wish)),
            ),
            Kind.GUARDED: (
                lambda place, _: any(present.is_guarded(place, guard, look.guard) for guard in guards),
                lambda place, _: self._guard(str(place[1]), range=area(place), warningOnly=True),
            ),
            Kind.RULE: (lambda place, wish: said(wish.formula, place[0]) in rules and wish, self._add_rule),
            Kind.VIEW: (lambda _, wish: present.titled("filterViews", wish.title), self._view),
            Kind.CHART: (self._chart, self._draw),
            Kind.FROZEN_ROWS: self._of_grid("frozenRowCount"),
            Kind.FROZEN_COLUMNS: self._of_grid("frozenColumnCount"),
            Kind.NO_GRIDLINES: self._of_grid("hideGridlines"),
            Kind.COLOUR: (
                lambda *_: colour_in(present.properties, "tabColor"),
                lambda _, wish: self._set("tabColorStyle", tabColorStyle=api.colour(wish)),
            ),
            Kind.PROTECTED: (
                lambda *_: any(guard.get("range", {}).keys() <= {"sheetId"} for guard in guards),
                lambda *_: self._guard("", **api.kept_for(present.id, robot)),
            ),
        }

    @property
    def seems_bare(self) -> bool:
        """Whether one of people's columns seems to lack something that may well stand further down."""
        features = () if self.look.ours else missing_features(self.look, self)
        return any(each.kind in _BELOW and each.place[2] is None for each in features)

    def edits(self) -> tuple[int, list[Request]]:
        """How many things the tab lacks, and the requests that give them."""
        features = [self._from_top(each) for each in missing_features(self.look, self)]
        apply(coalesced(features), self)
        larger = grown(str(self.present.id), self.present.grid, extent(self.look)) if features else ()
        return len(features), [*larger, *self._requests]

    def has_tab(self, title: str) -> bool:
        return fold_title(title) in self._tabs

    # Cells

    def _at(self, place: Place) -> Request:
        return api.grid_range(self.present.id, place)

    def _ask(self, kind: str, **body: object) -> None:
        self._requests.append({kind: body})

    def _put(self, place: Place, **cell: object) -> None:
        self._ask("repeatCell", range=self._at(place), cell=cell, fields=",".join(cell))

    def _format_cells(self, place: Place, format: Request, *, exactly: bool = False) -> None:
        """Sets only these fields of the cells' format, or, if `exactly`, all fields of a style."""
        letters = [f"textFormat.{name}" for name in format.get("textFormat", ())]
        paths = api.STYLE_FIELDS if exactly else (*(name for name in format if name != "textFormat"), *letters)
        fields = ",".join(f"userEnteredFormat.{path}" for path in paths)
        self._ask("repeatCell", range=self._at(place), cell={"userEnteredFormat": format}, fields=fields)

    def _sized(self, name: str, dimension: str, side: int) -> Way:
        """The way of rows (which are `side` 0 of a place) or columns (1)."""

        def resize(place: Place, pixels: int) -> None:
            ends = {"startIndex": place[side], "endIndex": place[side + 2]}
            span = {"sheetId": self.present.id, "dimension": dimension, **ends}
            self._ask("updateDimensionProperties", range=span, properties={"pixelSize": pixels}, fields="pixelSize")

        return lambda place, wish: self.present.size(name, place[side], wish), resize

    # Columns

    def _format(self, place: Place, wish: Format) -> object:
        """The wish if the column has a format, or may have one further down; else None. A format that Google itself
        gave to a typed date or number does not count: the cells below still lack one."""
        kinds = {row: format.get("type") for row, format in self.present.below(place, "numberFormat").items()}
        chosen = any(kind == "TEXT" or self.is_empty(row, place[1]) for row, kind in kinds.items())
        unsure = kinds and not self.present.whole
        return wish if chosen or unsure or max(kinds, default=0) >= self.present.grid[0] - 1 else None

    def _from_top(self, feature: Feature) -> Feature:
        """A format is given only below the last cell that has one."""
        if feature.kind is not Kind.FORMAT:
            return feature
        top, left, bottom, right = feature.place
        last = max(self.present.below(feature.place, "numberFormat"), default=top - 1)
        return replace(feature, place=(last + 1, left, bottom, right))

    # Rules, views, charts

    def _add_rule(self, place: Place, wish: Rule) -> None:
        holding = {"condition": api.formula_holds(wish.formula), "format": api.format_of(wish.style)}
        rule = {"ranges": [self._at(place)], "booleanRule": holding}
        self._ask("addConditionalFormatRule", index=self._rules, rule=rule)
        self._rules += 1

    def _view(self, _: Place, view: FilterView) -> None:
        area = {"sheetId": self.present.id, "startRowIndex": self.look.heading_row}
        named = {"filterViewId": self._new_id(view.title), "range": area}
        self._ask("addFilterView", filter={**named, **api.view_of(view)})

    def _chart(self, _: Place, wish: Chart) -> object:
        there = self.present.titled("charts", wish.title)
        return there and (wish if holds(there, self._drawn(wish)) else there)

    def _drawn(self, chart: Chart) -> Request:
        ids = {cells.tab: self._tabs[fold_title(cells.tab)].id for cells in (chart.categories, *chart.series)}
        anchor = {"sheetId": self.present.id, "rowIndex": chart.row, "columnIndex": chart.column}
        where = {"anchorCell": anchor, "widthPixels": chart.width, "heightPixels": chart.height}
        return {"spec": api.chart_spec(chart, ids), "position": {"overlayPosition": where}}

    def _draw(self, _: Place, chart: Chart) -> None:
        there, drawn = self.present.titled("charts", chart.title), self._drawn(chart)
        if there is None:
            self._ask("addChart", chart={"chartId": self._new_id(chart.title), **drawn})
        else:
            id = there["chartId"]
            self._ask("updateChartSpec", chartId=id, spec=drawn["spec"])
            self._ask("updateEmbeddedObjectPosition", objectId=id, newPosition=drawn["position"], fields="*")

    # The tab itself

    def _of_grid(self, name: str) -> Way:
        there = self.present.frame.get(name)
        return (lambda *_: there), (lambda _, wish: self._set(f"gridProperties.{name}", gridProperties={name: wish}))

    def _set(self, field: str, **properties: object) -> None:
        self._ask("updateSheetProperties", properties={"sheetId": self.present.id, **properties}, fields=field)

    def _guard(self, what: str, **protected: object) -> None:
        named = {"protectedRangeId": self._new_id(f"{self.look.guard}/{what}"), "description": self.look.guard}
        self._ask("addProtectedRange", protectedRange={**named, **protected})

    def _new_id(self, name: str) -> int:
        return api.free_id(f"{self.present.id}/{name}", self._taken)
