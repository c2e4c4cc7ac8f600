"""What people put into a workbook besides cells, and how an xlsx file says so."""

from __future__ import annotations

from enum import StrEnum


class Thing(StrEnum):
    """What people put into a workbook besides cells; the value is what it is called."""

    CHART = "grafik"
    PICTURE = "gambar"
    SHAPE = "bentuk atau kotak teks"
    SPARKLINE = "grafik mini"
    CONTROL = "tombol atau kontrol formulir"
    CHECKBOX = "kotak centang dalam sel"
    THREAD = "komentar berutas"
    NOTE = "catatan"
    RULE = "format bersyarat"
    LIST = "daftar pilihan"
    TABLE = "tabel"
    FILTER = "filter"
    SLICER = "pemotong"
    PIVOT = "tabel pivot"
    RANGE = "rentang berizin khusus"
    NAME = "nama rentang"
    SPILL = "rumus larik dinamis atau gambar dalam sel"
    SOURCE = "sambungan data"
    PRINT = "pengaturan cetak"
    VIEW = "tampilan tersimpan"
    PROTECTION = "perlindungan"
    STYLE = "gaya tabel buatan sendiri"
    LABEL = "label kerahasiaan"
    OBJECT = "objek sisipan"
    OTHER = "isi khusus lain"


#: Elements of a worksheet, wherever in it they stand.
IN_SHEET = {
    "cfRule": Thing.RULE,
    "dataValidation": Thing.LIST,
    "sparkline": Thing.SPARKLINE,
    "tablePart": Thing.TABLE,
    "filterColumn": Thing.FILTER,
    "autoFilter": Thing.FILTER,
    "sortState": Thing.FILTER,
    "slicer": Thing.SLICER,
    "protectedRange": Thing.RANGE,
    "sheetProtection": Thing.PROTECTION,
    "customSheetView": Thing.VIEW,
    "scenario": Thing.VIEW,
    "control": Thing.CONTROL,
    "oleObject": Thing.OBJECT,
    "picture": Thing.PICTURE,
    "legacyDrawingHF": Thing.PICTURE,
    "brk": Thing.PRINT,
    "printOptions": Thing.PRINT,
    "pageMargins": Thing.PRINT,
    "pageSetup": Thing.PRINT,
    "headerFooter": Thing.PRINT,
}
#: Parts of a worksheet that nobody misses, that are counted by what stands in them, or that are always carried over.
SHEET_HARMLESS = frozenset(
    {
        "dimension",
        "sheetCalcPr",
        "phoneticPr",
        "ignoredErrors",
        "cellWatches",
        "legacyDrawing",
        "extLst",
        "AlternateContent",
        "drawing",
        "protectedRanges",
        "controls",
        "oleObjects",
        "customSheetViews",
        "scenarios",
        "rowBreaks",
        "colBreaks",
        "tableParts",
        "conditionalFormatting",
        "dataValidations",
        "mergeCells",
        "hyperlinks",
    }
)
#: Extensions of a worksheet whose content is counted element by element, or may go.
EXTENSIONS_COUNTED = frozenset(
    {
        "{78C0D931-6437-407D-A8EE-F0AAD7539E65}",  # conditional formatting
        "{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}",  # lists
        "{05C60535-1F16-4FD2-B633-F4F36F0B64E0}",  # sparklines
        "{A8765BA9-456A-4DAB-B4F3-ACF838C121DE}",  # slicers
        "{3A4CF648-6AED-40F4-86FF-DC5316D8AED3}",  # slicers of tables
        "{FC87AEE6-9EDD-4A0A-B7FB-166176984837}",  # protected ranges
        "{01252117-D84E-4E92-8308-4BE1C098FCBB}",  # ignored errors
    }
)
IN_DRAWING = {
    "pic": Thing.PICTURE,
    "sp": Thing.SHAPE,
    "grpSp": Thing.SHAPE,
    "cxnSp": Thing.SHAPE,
    "contentPart": Thing.SHAPE,
    "graphicFrame": Thing.CHART,
}
#: Parts of a chart that don't show.
CHART_HARMLESS = frozenset({"printSettings", "lang", "date1904", "uniqueId"})
IN_WORKBOOK = {
    "definedName": Thing.NAME,
    "externalReference": Thing.SOURCE,
    "workbookProtection": Thing.PROTECTION,
    "customWorkbookView": Thing.VIEW,
}
#: References to other parts; what is not named here is `Thing.OTHER`.
RELATIONS = {
    "threadedComment": Thing.THREAD,
    "pivotTable": Thing.PIVOT,
    "pivotCacheDefinition": Thing.PIVOT,
    "slicer": Thing.SLICER,
    "slicerCache": Thing.SLICER,
    "timeline": Thing.SLICER,
    "timelineCache": Thing.SLICER,
    "ctrlProp": Thing.CONTROL,
    "control": Thing.CONTROL,
    "oleObject": Thing.OBJECT,
    "package": Thing.OBJECT,
    "image": Thing.PICTURE,
    "connections": Thing.SOURCE,
    "externalLink": Thing.SOURCE,
    "sheetMetadata": Thing.SPILL,
    "rdRichValue": Thing.SPILL,
    "rdRichValueStructure": Thing.SPILL,
    "rdRichValueTypes": Thing.SPILL,
    "richValueRel": Thing.SPILL,
    "FeaturePropertyBag": Thing.CHECKBOX,
    "featurePropertyBag": Thing.CHECKBOX,
    "classificationlabels": Thing.LABEL,
}
#: References that every file has, or that are counted by what they lead to.
RELATIONS_HARMLESS = frozenset(
    {
        "officeDocument",
        "core-properties",
        "extended-properties",
        "custom-properties",
        "thumbnail",
        "worksheet",
        "chartsheet",
        "styles",
        "theme",
        "sharedStrings",
        "calcChain",
        "customXml",
        "person",
        "printerSettings",
        "hyperlink",
        "table",
        "comments",
        "drawing",
        "vmlDrawing",
    }
)
