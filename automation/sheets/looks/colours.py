"""The colours of prepared tabs. Words in the cells, and bold, italic, underlined or struck letters, tell the same."""

from automation.sheets.looks.model import Style

#: Headings, by who types below them.
VOLUNTEER = Style(fill="FFE699", ink="3F3000", bold=True, wrapped=True)
COORDINATOR = Style(fill="BDD7EE", ink="0B2F50", bold=True, wrapped=True)
ROBOT = Style(fill="D9D9D9", ink="333333", italic=True, wrapped=True)

#: Rows that need attention, and closed ones.
CLOSED = Style(ink="5F5F5F", struck=True)
OVERDUE = Style(fill="F8CBAD", ink="6E1400", bold=True)
DUE_SOON = Style(fill="FFF2CC", ink="5C4300", italic=True)
TO_MEND = Style(fill="FCE4D6", ink="8A1C00", underlined=True)
TO_COMPLETE = Style(fill="FFF9DB", ink="5C4300")
EMPTY = Style(fill="FFE08A", ink="3F3000")
STATUS_LINE = Style(fill="E2EFDA", ink="1E4620", bold=True, size=11)

#: The colours of tabs, by who works in them.
VOLUNTEER_TAB, COORDINATOR_TAB, ROBOT_TAB, GUIDE_TAB = "E0A800", "2E75B6", "7F7F7F", "548235"

#: The robot's own pages.
TITLE = Style(fill="1F3864", ink="FFFFFF", bold=True, size=15)
CHAPTER = Style(fill="DDE5F0", ink="1F3864", bold=True, size=11)
TEXT = Style(ink="222222", size=10, wrapped=True)
QUIET = Style(ink="595959", size=9, italic=True, wrapped=True)
