"""The Sheets server behaves like Google where the program, and the scripts it is compared with, depend on it."""

import copy
from collections.abc import Iterator
from typing import Any

import gspread
import pytest
import requests

from automation.tables import intake
from tests.sheets_server.fixtures import ROBOT, Google
from tests.sheets_server.masks import InvalidMask, parse_mask
from tests.sheets_server.people import Person
from tests.sheets_server.ranges import parse_area, split_title

URL = "https://sheets.googleapis.com/v4/spreadsheets"


@pytest.fixture
def client(google: Google) -> Iterator[gspread.Client]:
    client = gspread.service_account_from_dict(google.key)
    yield client
    client.http_client.session.close()


@pytest.fixture
def person(google: Google) -> Person:
    rows: list[list[Any]] = [["Nama", "Telepon"], ["Citra", 3], ["Ani", "08"], ["Budi", None]]
    return google.spreadsheet("Buku", {"Tab": rows, "Lain": [["a"]]})


def batch(client: gspread.Client, person: Person, *wanted: dict[str, Any], **more: Any) -> Any:
    return client.http_client.batch_update(person.book.id, {"requests": list(wanted), **more})


def refused(client: gspread.Client, person: Person, *wanted: dict[str, Any]) -> str:
    """Google's words for a batch that it refuses; nothing may have been applied."""
    before = copy.deepcopy([(sheet.properties, sheet.rows) for sheet in person.book.sheets])
    with pytest.raises(gspread.exceptions.APIError) as raised:
        batch(client, person, *wanted)
    assert raised.value.response.status_code == 400
    assert [(sheet.properties, sheet.rows) for sheet in person.book.sheets] == before
    return str(raised.value.error["message"])


def text_cells(*texts: str) -> list[dict[str, Any]]:
    return [{"values": [{"userEnteredValue": {"stringValue": text}} for text in texts]}]


def at(row: int, column: int, sheet: int = 0) -> dict[str, int]:
    return {"sheetId": sheet, "rowIndex": row, "columnIndex": column}


# Every request is held against Google's own description


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"addSheets": {}}, "Unknown name \"addSheets\" at 'requests[0]': Cannot find field."),
        ({"addSheet": {"properties": {"titel": "x"}}}, "Unknown name \"titel\" at 'requests[0].add_sheet.properties'"),
        ({"addSheet": {"properties": {"title": 5}}}, "Invalid value at 'requests[0].add_sheet.properties.title'"),
        ({"appendDimension": {"dimension": "ROW", "length": 1}}, "'requests[0].append_dimension.dimension'"),
        (
            {"appendDimension": {"dimension": "ROWS", "length": "x"}},
            "'requests[0].append_dimension.length' (TYPE_INT32)",
        ),
        ({"updateCells": {"rows": {}, "fields": "*"}}, "Proto field is repeating"),
        ({"addSheet": {}, "deleteSheet": {}}, "oneof field 'kind' is already set. Cannot set 'deleteSheet'"),
    ],
)
def test_a_body_that_google_would_not_take_is_refused_in_its_words(
    client: gspread.Client, person: Person, request_: dict[str, Any], words: str
) -> None:
    assert words in refused(client, person, request_)


def test_a_query_parameter_that_google_does_not_know_is_refused(client: gspread.Client, person: Person) -> None:
    with pytest.raises(gspread.exceptions.APIError, match='Unknown name "field": Cannot bind query parameter'):
        client.http_client.spreadsheets_get(person.book.id, {"field": "sheets"})
    with pytest.raises(gspread.exceptions.APIError, match="include_grid_data"):
        client.http_client.spreadsheets_get(person.book.id, {"includeGridData": "yes"})


def test_only_the_fields_of_the_mask_come_back(client: gspread.Client, person: Person) -> None:
    mask = "properties.title,sheets(properties(title),data/rowData/values(userEnteredValue))"
    answer = client.http_client.spreadsheets_get(person.book.id, {"fields": mask, "ranges": ["Tab!A2:B3"]})
    cells = [[{"userEnteredValue": {"stringValue": "Citra"}}, {"userEnteredValue": {"numberValue": 3}}]]
    cells.append([{"userEnteredValue": {"stringValue": text}} for text in ("Ani", "08")])
    data = [{"rowData": [{"values": row} for row in cells]}]
    assert answer == {"properties": {"title": "Buku"}, "sheets": [{"properties": {"title": "Tab"}, "data": data}]}
    assert "data" not in client.http_client.spreadsheets_get(person.book.id)["sheets"][0], "grid data is asked for"
    whole = client.http_client.spreadsheets_get(person.book.id, {"includeGridData": "true"})
    assert whole["sheets"][0]["data"][0]["rowData"][1]["values"][0]["formattedValue"] == "Citra"


def test_a_mask_with_an_unknown_field_or_that_can_t_be_read_is_refused(client: gspread.Client, person: Person) -> None:
    with pytest.raises(gspread.exceptions.APIError) as raised:
        client.http_client.spreadsheets_get(person.book.id, {"fields": "sheets(data.rowData.values.effective)"})
    violation = raised.value.error["details"][0]["fieldViolations"][0]["description"]
    assert "Cannot find matching fields for path 'sheets.data.rowData.values.effective'" in violation
    for text in ("a(b", "a)", ",a", "a,,b", "a(b))", "a b"):
        with pytest.raises(InvalidMask):
            parse_mask(text)


# A batch is all or nothing


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"deleteNamedRange": {"namedRangeId": "x"}}, "No NamedRange with id: x"),
        ({"deleteSheet": {"sheetId": 77}}, "No grid with id: 77"),
        (
            {"updateCells": {"start": at(1000, 0), "rows": text_cells("x"), "fields": "*"}},
            "Attempting to write row: 1000, beyond the last requested row of: 999",
        ),
        (
            {"updateCells": {"start": at(0, 26), "rows": text_cells("x"), "fields": "*"}},
            "Attempting to write column: 26, beyond the last requested column of: 25",
        ),
        (
            {"updateCells": {"start": at(0, 0), "rows": text_cells("x")}},
            "At least one field must be listed in 'fields'",
        ),
        (
            {"updateCells": {"start": at(0, 0), "rows": [], "fields": "effectiveValue"}},
            "Invalid field: effective_value",
        ),
        (
            {"updateCells": {"start": at(0, 0), "rows": text_cells("x" * 50_001), "fields": "*"}},
            "more than the maximum of 50000 characters in a single cell",
        ),
        ({"appendDimension": {"dimension": "ROWS", "length": 500_000}}, "above the limit of 10000000 cells"),
        ({"addSheet": {"properties": {"sheetId": 1, "title": "x"}}}, "already exists"),
    ],
)
def test_what_can_t_be_applied_is_refused_in_google_s_words(
    client: gspread.Client, person: Person, request_: dict[str, Any], words: str
) -> None:
    assert words in refused(client, person, request_)


# What requests do


def test_rows_are_appended_below_the_last_one_with_data_whatever_is_formatted_below(
    client: gspread.Client, person: Person
) -> None:
    style = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    area = {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 1}
    batch(client, person, {"repeatCell": {"range": area, "cell": style, "fields": "userEnteredFormat.numberFormat"}})
    batch(client, person, {"appendCells": {"sheetId": 0, "rows": text_cells("Dedi") * 998, "fields": "*"}})
    assert person.values("Tab")[3:5] == [["Budi"], ["Dedi"]]
    assert person.sheet("Tab").row_count == 1002


def test_inserted_and_deleted_rows_carry_named_ranges_along(client: gspread.Client, person: Person) -> None:
    area = {"sheetId": 0, "startRowIndex": 2, "endRowIndex": 3}
    batch(client, person, {"addNamedRange": {"namedRange": {"namedRangeId": "a", "name": "ani", "range": area}}})
    rows = {"sheetId": 0, "dimension": "ROWS"}
    batch(client, person, {"insertDimension": {"range": {**rows, "startIndex": 1, "endIndex": 3}}})
    assert person.values("Tab")[:4] == [["Nama", "Telepon"], [], [], ["Citra", 3]]
    assert client.http_client.values_get(person.book.id, "ani")["values"] == [["Ani", "08"]]
    batch(client, person, {"deleteDimension": {"range": {**rows, "startIndex": 0, "endIndex": 2}}})
    assert client.http_client.values_get(person.book.id, "ani")["values"] == [["Ani", "08"]]
    batch(client, person, {"deleteSheet": {"sheetId": 0}})
    assert person.book.named == {}


def test_sorting_puts_numbers_first_and_empty_cells_last(client: gspread.Client, person: Person) -> None:
    area = {"sheetId": 0, "startRowIndex": 1}
    batch(
        client, person, {"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}]}}
    )
    assert person.values("Tab")[1:] == [["Citra", 3], ["Ani", "08"], ["Budi"]]
    person.sort("Tab", 0)
    assert [row[0] for row in person.values("Tab")] == ["Nama", "Ani", "Budi", "Citra"]


# The usual script


def test_the_usual_script_works_and_its_requests_are_counted(
    google: Google, client: gspread.Client, person: Person
) -> None:
    worksheet = client.open_by_key(person.book.id).worksheet("Tab")
    assert worksheet.get_all_records()[0] == {"Nama": "Citra", "Telepon": 3}
    assert google.server.count("get", "values.get") == 3
    for row in (2, 3):
        worksheet.update_cell(row, 3, "ok")
    assert google.server.count("values.update") == 2
    assert [row[2] for row in person.values("Tab")[1:3]] == ["ok", "ok"]


def test_typed_text_becomes_what_a_spreadsheet_makes_of_it_unless_the_column_is_text(
    client: gspread.Client, person: Person
) -> None:
    sheet = client.open_by_key(person.book.id).worksheet("Lain")
    texts = ["081234567890", "03/07/2026", "=1+1", "3.500", "0,5"]
    sheet.update([texts], "A1", value_input_option=gspread.utils.ValueInputOption.user_entered)
    sheet.update([texts], "A2", raw=True)
    assert person.values("Lain") == [[81234567890, 46206, None, 3500, 0.5], texts]
    assert person.formulas("Lain") == [(0, 2)]
    style = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    batch(client, person, {"repeatCell": {"range": {"sheetId": 1}, "cell": style, "fields": "userEnteredFormat"}})
    person.type("Lain", 2, 0, "081234567890")
    assert person.values("Lain")[2] == ["081234567890"]


def test_a_heading_that_is_typed_as_it_is_declared_is_told_as_text(google: Google, client: gspread.Client) -> None:
    person = google.spreadsheet("Buku", {intake.TICKET: [[intake.TICKET]]})
    (tab,) = client.open_by_key(person.book.id).worksheets()
    assert (tab.title, tab.get_all_values()) == ("No. Tiket", [["No. Tiket"]])


def test_values_come_in_each_rendering(client: gspread.Client, person: Person) -> None:
    person.formula("Tab", 1, 1, "=1+1", 2.5)
    for option, shown in (("FORMATTED_VALUE", "2,5"), ("UNFORMATTED_VALUE", 2.5), ("FORMULA", "=1+1")):
        answer = client.http_client.values_get(person.book.id, "Tab!B2", {"valueRenderOption": option})
        assert answer["values"] == [[shown]]
    with pytest.raises(gspread.exceptions.APIError, match="Unable to parse range: Hilang!A1"):
        client.http_client.values_get(person.book.id, "Hilang!A1")


def test_a_tab_s_title_is_told_from_cells() -> None:
    told = {"'It''s'!A1": ("It's", "A1"), "'A1'": ("A1", ""), "B2": (None, "B2")}
    assert {text: split_title(text) for text in told} == told
    assert parse_area("Gondrong") is None


# Who may do what, and how often


def test_access_token_scope_and_share_are_checked(google: Google, person: Person) -> None:
    address = f"{URL}/{person.book.id}"
    assert requests.get(address, timeout=5).status_code == 401
    allowed = frozenset({"https://www.googleapis.com/auth/spreadsheets.readonly"})
    too_little = frozenset({"https://www.googleapis.com/auth/calendar"})
    for email, scopes, status, words in (
        ("orang@example.org", allowed, 403, "The caller does not have permission"),
        (ROBOT, too_little, 403, "Request had insufficient authentication scopes."),
        (ROBOT, allowed, 200, "Buku"),
    ):
        key = google.server.accounts.user(email, scopes=scopes)
        form = {**key, "grant_type": "refresh_token"}
        token = requests.post("https://oauth2.googleapis.com/token", data=form, timeout=5).json()["access_token"]
        answer = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=5)
        assert (answer.status_code, words in answer.text) == (status, True)


def test_answers_are_compressed_for_those_who_can_read_it(
    google: Google, client: gspread.Client, person: Person
) -> None:
    for row in range(500):
        person.set("Tab", row, 5, "teks yang sama")
    answer = client.http_client.request("get", f"{URL}/{person.book.id}", params={"includeGridData": "true"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert int(answer.headers["Content-Length"]) < google.server.requests[-1].received / 20


def test_hosts_other_than_google_s_are_out_of_reach(google: Google) -> None:
    with pytest.raises(requests.exceptions.ProxyError):
        requests.get("https://example.org/", timeout=5)
