"""Looks for tests of dressing: one tab that people work in, and a page of the robot's own, with one of every wish."""

from __future__ import annotations

from dataclasses import replace

from automation.sheets.looks.model import (
    Allowed,
    AnyDate,
    Area,
    CellLook,
    Cells,
    Chart,
    ChartKind,
    ColumnLook,
    FilterView,
    Format,
    ListFrom,
    ListOf,
    Rule,
    Shown,
    Style,
    TabLook,
    WholeNumber,
)

TAB, LISTS, PAGE = "Gondrong", "Daftar Pilihan", "Panduan"
HEADINGS = ("No. Tiket", "Pemeriksaan", "Tanggal Masuk", "Telepon", "Kategori", "Uraian")
TICKET, CHECK, RECEIVED, PHONE, CATEGORY, DESCRIPTION = range(len(HEADINGS))
ROBOTS = Style(fill="D9D9D9", ink="333333", italic=True, wrapped=True)
PEOPLES = Style(fill="FFE699", ink="000000", bold=True, wrapped=True)
GUARD = "Ruang Rakyat: kolom program"

INTAKE = TabLook(
    title=TAB,
    columns=(
        ColumnLook(TICKET, ROBOTS, "Diisi program.", 150, guarded=True),
        ColumnLook(CHECK, ROBOTS, "Diisi program.", 320, wrapped=True, guarded=True),
        ColumnLook(
            RECEIVED,
            PEOPLES,
            "Contoh: 24/11/2026",
            110,
            Format.DATE,
            allowed=Allowed(AnyDate(), "Tanggal.", strict=False),
        ),
        ColumnLook(PHONE, PEOPLES, "Contoh: 0812…", 130, Format.TEXT),
        ColumnLook(
            CATEGORY, PEOPLES, "Pilih dari daftar.", 160, allowed=Allowed(ListFrom(LISTS, 0), "Pilih.", strict=True)
        ),
        ColumnLook(DESCRIPTION, PEOPLES, "Ceritakan.", 400, wrapped=True),
    ),
    frozen_rows=1,
    frozen_columns=1,
    colour="E0A800",
    rules=(
        Rule((0, 5), '=$B2="Terlambat"', Style(fill="F8CBAD", bold=True)),
        Rule((1, 1), "=istext($B2)", Style(ink="C00000", underlined=True)),
    ),
    views=(FilterView("Terlambat", (Shown(CHECK, '=$B2="Terlambat"'),), ordered_by=RECEIVED),),
    guard=GUARD,
)
LIST_TAB = TabLook(title=LISTS, protected=True, guard="Ruang Rakyat: daftar")
GUIDE = TabLook(
    title=PAGE,
    columns=(ColumnLook(0, width=200), ColumnLook(1, width=300)),
    cells=(
        CellLook(5, 1, formula="=counta(Gondrong!A2:A)", style=Style(bold=True)),
        CellLook(6, 0, "Antara 1 dan 30.", Allowed(WholeNumber(1, 30), "Bilangan.", strict=True)),
        CellLook(7, 0, allowed=Allowed(ListOf(("Ya", "Tidak")), "Ya atau Tidak.", strict=True)),
    ),
    rules=(Rule((0, 1), '=$A2="x"', Style(fill="00FF00", struck=True)),),
    areas=(
        Area(0, 0, 1, 2, Style(fill="1F3864", ink="FFFFFF", bold=True, size=15), merged=True),
        Area(1, 0, 4, 2, Style(fill="000000", wrapped=True, centred=True, boxed=True)),
        Area(2, 0, 3, 1, Style(fill="FFFFFF")),
    ),
    charts=(
        Chart(
            "Laporan per bulan", ChartKind.COLUMNS, Cells(LISTS, 0, 0, 3), (Cells(LISTS, 0, 1, 3),), ("2E75B6",), 8, 0
        ),
        Chart("Menurut kategori", ChartKind.BARS, Cells(LISTS, 0, 0, 3), (Cells(LISTS, 0, 1, 3),), ("548235",), 26, 0),
    ),
    protected=True,
    ours=True,
    guard="Ruang Rakyat: halaman program",
    row_heights=((0, 40),),
    gridlines=False,
)
LOOKS = (INTAKE, LIST_TAB, GUIDE)


def further_right(look: TabLook) -> TabLook:
    columns = tuple(replace(each, column=each.column + (each.column > 0)) for each in look.columns)
    rules = tuple(
        replace(each, columns=(each.columns[0] and 2, each.columns[1] + 1), formula=each.formula.replace("$B", "$C"))
        for each in look.rules
    )
    return replace(look, columns=columns, rules=rules)
