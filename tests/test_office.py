"""Never a wrong row: a few histories of a simulated office. ``python -m tests.office`` runs thousands.

What must hold is in tests/office/oracle.py, and which deliberate breaks of the program make it fail in
docs/decisions.md.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.examples import ALL
from tests.office.history import ACTIONS, Office, Step, random_steps, run
from tests.office.robot import Fate
from tests.office.site import KINDS, Site, opened

NUMBERS = st.integers(0, 999)
APART = ", a Cadangan beside Kendali"


@pytest.fixture(scope="module", params=KINDS)
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    with opened(request.param.removesuffix(APART), apart=request.param.endswith(APART)) as site:
        yield site


MORE = (pytest.param(numbers, marks=pytest.mark.long) for numbers in (range(2, 8), range(8, 14), range(14, 20)))


@pytest.mark.parametrize("numbers", [range(2), *MORE], ids=str)
def test_whatever_people_do_while_robots_work_and_die_every_ticket_stays_with_its_complaint(
    site: Site, numbers: range
) -> None:
    for number in numbers:
        ran = run(site, random_steps(f"fixed/{number}"), 50)
        assert ran.failure is None, f"history {number}: {ran.failure}"


#: Of which the account once judged wrongly what was right: the shortest that showed it.
JUDGED_WRONGLY: dict[str, list[Step]] = {
    "a row is given back into a tab of a year that was brought back": [
        ("rename a heading", 678, 184, 560), ("end a year", 883, 804, 839), ("cut a row", 756, 191, 897),
        ("run", 309, 446, 830), ("end a year", 362, 355, 928), ("wish", 904, 105, 130),
    ],
    "a row that was cut is given back and corrected, then pasted as it was: of the two either may keep the ticket": [
        ("cut a row", 103, 1, 198), ("wish", 688, 160, 114), ("settle", 95, 343, 155), ("correct", 376, 630, 778),
        ("paste a row", 107, 588, 776), ("settle", 451, 753, 330), ("remove a tab", 835, 788, 823),
    ],
    "a ticket comes back beside a row that is wished back and deleted just then: nobody has given that row back yet": [
        ("wish", 0, 0, 4), ("write over the ticket", 0, 0, 0), ("start", 0, 0, 0), ("go on", 0, 0, 0),
        ("go on", 0, 0, 0), ("go on", 0, 0, 0), ("delete a row", 0, 0, 0),
    ],
    "a half row that was finished where it went along to goes along once more when its year is ended again: a copy": [
        ("begin a row", 0, 0, 1), ("end a year", 0, 1, 1), ("run", 0, 0, 0), ("end a year", 0, 1, 0),
        ("run", 0, 0, 0), ("finish a row", 2, 0, 0), ("settle", 0, 0, 0), ("end a year", 0, 1, 1),
        ("settle", 0, 0, 0), ("cut a row", 2, 0, 0),
    ],
    "a row that was cut where it went along to shows its ticket where it came from, once the year is back: a copy": [
        ("end a year", 0, 1, 1), ("run", 0, 0, 0), ("cut a row", 1, 1, 0), ("end a year", 0, 1, 0), ("run", 0, 0, 0),
        ("paste a row", 1, 0, 0), ("settle", 0, 0, 0),
    ],
    "words that were corrected where a year goes on, and whose row goes back: they are forgotten once a day": [
        ("end a year", 0, 0, 1), ("run", 0, 0, 0), ("correct", 1, 3, 0), ("days go by", 0, 0, 0),
        ("cut a row", 1, 1, 0), ("end a year", 0, 1, 0), ("paste a row", 0, 0, 0),
    ],
    "of a copied spreadsheet and of where a year went on nobody knew which has a row: that it went is told late": [
        ("copy a spreadsheet", 0, 0, 0), ("end a year", 0, 0, 1), ("settle", 0, 0, 0), ("end a year", 0, 1, 0),
    ],
    "where a year goes on a ticket landed below the rows, as people deleted one just then: no row went along": [
        ("end a year", 0, 0, 1), ("interfere in Kendali", 0, 0, 499), ("start", 0, 0, 0), ("type a row", 4, 0, 0),
        ("interfere in Kendali", 0, 0, 0), ("go on", 0, 0, 0), ("go on", 0, 0, 0), ("interfere", 0, 1, 0),
        ("delete a row", 2, 0, 0),
    ],
    "a year ends while another robot's write covers the mark of a row: people write it anew where that goes on": [
        ("type a row", 0, 0, 1), ("correct", 0, 0, 1), ("settle", 0, 0, 0), ("end a year", 1, 0, 0),
        ("correct", 0, 1, 0), ("go on", 1, 0, 0), ("end a year", 0, 0, 1), *[("go on", 1, 0, 0)] * 4,
        ("interfere", 0, 5, 869), ("go on", 1, 0, 0),
    ],
    "an answer lands over another wish's, and a second robot looks before the first puts that back: it is open": [
        ("end a year", 1, 0, 1), ("start", 0, 0, 0), ("interfere in Kendali", 1, 0, 227), ("wish", 0, 3, 3),
        ("interfere in Kendali", 0, 0, 840), ("end a year", 1, 0, 0), ("start", 0, 0, 0),
        ("interfere in Kendali", 1, 0, 54), ("go on", 1, 0, 0),
    ],
    "a row corrected where it went along is cut, and pasted once its year is back: a copy that differs gets a ticket": [
        ("answer", 0, 0, 0), ("end a year", 0, 0, 1), ("type a row", 3, 0, 0), ("type a row", 0, 0, 0),
        ("settle", 0, 0, 0), ("type a row", 0, 0, 0), ("end a year", 0, 0, 0), ("answer", 0, 0, 0),
        ("type a row", 0, 0, 0), ("correct", 8, 0, 0), ("delete a row", 0, 0, 0), ("cut a row", 7, 0, 0),
        ("interfere in Kendali", 0, 0, 0), ("paste a row", 1, 0, 0),
    ],
    "a year is ended again while another robot still owes what it covered in the next year's tab: it gives that back": [
        ("end a year", 559, 378, 522), ("days go by", 826, 444, 651), ("type a row", 331, 227, 746),
        ("answer", 259, 256, 906), ("end a year", 140, 257, 396), ("days go by", 70, 931, 21),
        ("end a year", 861, 428, 519), ("end a year", 618, 500, 855), ("go on", 497, 502, 37),
        ("go on", 837, 196, 356), ("type a row", 672, 374, 434), ("go on", 629, 47, 574),
        ("insert a column", 617, 728, 727), ("go on", 595, 258, 890),
    ],
    "a row is deleted of which a robot has just covered a cell: what stood in it is given back nowhere": [
        ("start", 546, 627, 813), ("type a row", 909, 291, 795), ("go on", 380, 338, 648), ("cut a row", 501, 378, 18),
        ("type a row", 601, 369, 335), ("copy a row", 557, 681, 906), ("type a row", 210, 74, 801),
        ("go on", 426, 786, 788), ("type a row", 551, 930, 403), ("go on", 744, 829, 513), ("go on", 356, 905, 203),
        ("interfere", 818, 17, 500), ("go on", 250, 552, 419), ("delete a row", 351, 838, 412),
    ],
    "a form has answered at midnight, and its stamp is covered and given back: as the same number": [
        ("start", 0, 0, 0), ("answer", 0, 0, 0), *[("go on", 0, 0, 0)] * 3, ("interfere", 951, 299, 836),
    ],
    "a row is cut as its year ends, and its tab is asked for one line only: no robot has seen that it is empty": [
        ("answer", 0, 0, 0), ("end a year", 1, 0, 1), *[("go on", 1, 0, 0)] * 17, ("answer", 0, 0, 0),
        *[("go on", 1, 0, 0)] * 2, ("interfere", 0, 0, 0), ("cut a row", 0, 0, 0),
    ],
    "a write covers the mark by which the account knows a row, and the network is gone: its ticket stands there": [
        ("correct", 824, 141, 480), ("type a row", 59, 402, 445), ("type a row", 939, 394, 302),
        ("start", 452, 787, 554), ("go on", 738, 15, 417), ("go on", 636, 737, 233), ("go on", 492, 725, 990),
        ("go on", 416, 398, 533), ("go on", 726, 534, 124), ("interfere", 772, 905, 690), ("suffer", 178, 203, 974),
    ],
    "no robot understands a question of a form, and it is put right once they look no more: for the next cycle": [
        ("type a row", 493, 420, 500), ("answer", 604, 528, 548), ("type a row", 617, 85, 782),
        ("end a year", 789, 530, 112), ("interfere in Kendali", 57, 543, 209), ("end a year", 482, 529, 538),
        ("suffer", 88, 142, 621), ("end a year", 610, 275, 798), ("go on", 986, 917, 852), ("answer", 16, 217, 913),
        ("go on", 120, 598, 603), ("go on", 542, 473, 703), ("go on", 814, 612, 715), ("begin a row", 19, 332, 903),
        ("correct", 952, 382, 175), ("go on", 566, 97, 598), ("cut a row", 875, 213, 640),
        ("ask otherwise", 707, 973, 828), ("write over the ticket", 679, 670, 166), ("type a row", 132, 616, 204),
        ("go on", 264, 350, 903), ("go on", 786, 442, 222), ("interfere", 370, 216, 265),
    ],
    "a doubtful day was sure for a while, then its old copy is back with its year: the sure one goes on counting": [
        ("type a row", 448, 564, 538), ("copy a row", 218, 449, 797), ("type a row", 374, 783, 546),
        ("type a row", 847, 168, 160), ("end a year", 186, 597, 205), ("settle", 877, 126, 942),
        ("cut a row", 811, 58, 897), ("end a year", 66, 153, 128), ("correct", 610, 63, 910),
        ("type a row", 260, 184, 47), ("settle", 605, 895, 145), ("answer", 650, 966, 832),
        ("end a year", 607, 97, 259), ("say when", 146, 313, 913), ("paste a row", 258, 299, 227),
        ("days go by", 875, 440, 355), ("end a year", 922, 88, 428), ("delete a row", 130, 986, 703),
        ("cut a row", 422, 866, 524), ("end a year", 429, 588, 41),
    ],
    "a row is deleted as columns are moved: what its robot puts right before its network is gone stands there alone": [
        ("end a year", 453, 81, 750), ("type a row", 482, 389, 863), ("interfere in Kendali", 185, 751, 638),
        ("type a row", 785, 249, 975), ("go on", 523, 434, 48), ("go on", 993, 115, 319),
        ("move a column", 82, 905, 184), ("go on", 269, 680, 774), ("go on", 111, 416, 942),
        ("delete a row", 164, 138, 885), ("interfere and cut off", 720, 813, 670),
    ],
    "a row with a doubtful day was closed from the first, and is opened again: nobody was asked meanwhile": [
        ("remove a tab", 952, 109, 810), ("type a row", 878, 586, 729), ("triage", 500, 176, 31),
        ("end a year", 769, 334, 434), ("run", 711, 942, 193), ("answer", 900, 394, 711),
        ("type a row", 414, 751, 736), ("triage", 914, 732, 193),
    ],
    "a year is back, and a row that had gone on is deleted there: not read since, it still counts there": [
        ("type a row", 519, 432, 600), ("start", 265, 462, 408), ("type a row", 565, 176, 891),
        ("type a row", 111, 322, 530), ("start", 880, 818, 258), ("type a row", 62, 923, 18),
        ("go on", 180, 207, 944), ("go on", 764, 757, 343), ("run", 425, 779, 774), ("end a year", 603, 620, 238),
        ("interfere in Kendali", 563, 695, 223), ("end a year", 531, 596, 968), ("run", 513, 324, 630),
        ("answer", 260, 784, 190), ("answer", 538, 970, 672), ("delete a row", 609, 214, 465),
    ],
    "of a row that went along the day is corrected, it is cut and pasted once its year is back: it is a copy": [
        ("end a year", 173, 447, 31), ("days go by", 470, 122, 820), ("type a row", 72, 214, 315),
        ("end a year", 332, 43, 676), ("cut a row", 830, 258, 285), ("end a year", 941, 252, 530),
        ("go on", 683, 708, 920), ("go on", 415, 903, 610), ("go on", 841, 849, 224), ("cut a row", 278, 94, 371),
        ("say when", 363, 245, 306), ("delete a row", 498, 921, 468), ("answer", 401, 600, 330),
        ("cut a row", 781, 83, 298), ("days go by", 144, 828, 687), ("paste a row", 511, 914, 967),
    ],
    "a day is said as kemarin, as a date, and days later as kemarin again: that is another day": [
        ("type a row", 671, 706, 509), ("end a year", 923, 153, 278), ("type a row", 225, 302, 751),
        ("cut a row", 766, 620, 941), ("type a row", 219, 369, 4), ("settle", 852, 966, 535),
        ("copy a row", 261, 278, 288), ("say when", 683, 476, 253), ("days go by", 349, 816, 57),
        ("type a row", 439, 762, 869), ("say when", 649, 713, 396),
    ],
}  # fmt: skip


@pytest.mark.sampled(25)
@pytest.mark.parametrize("steps", JUDGED_WRONGLY.values(), ids=JUDGED_WRONGLY)
def test_the_account_takes_no_offence_at_what_is_right(site: Site, steps: list[Step]) -> None:
    assert run(site, steps, len(steps) + 1).failure is None


#: In which the program once did wrong: the shortest that showed it.
FELL: dict[str, list[Step]] = {
    "a row is given back as somebody inserts a column: it stands below its headings in the end": [
        ("type a row", 479, 34, 705), ("remove a tab", 154, 226, 249), ("start", 706, 230, 839),
        ("interfere in Kendali", 273, 999, 283), ("wish", 239, 792, 480), ("type a row", 594, 174, 193),
        ("wish", 433, 545, 59), ("start", 896, 869, 714), ("interfere in Kendali", 910, 797, 446),
        ("go on", 186, 573, 304), ("type a row", 697, 645, 646), ("go on", 804, 205, 569),
        ("interfere", 573, 85, 417),
    ],
    "of a year that was brought back a row loses its ticket and is corrected: it may not get another": [
        ("end a year", 512, 154, 661), ("type a row", 321, 18, 79), ("type a row", 227, 594, 321),
        ("days go by", 776, 62, 534), ("type a row", 274, 333, 821), ("end a year", 484, 782, 148),
        ("interfere in Kendali", 237, 603, 215), ("correct", 340, 877, 941), ("clear robot columns", 967, 226, 493),
    ],
    "words that were corrected stay in the journal of a year for as long as another spreadsheet can't end": [
        ("ask otherwise", 0, 0, 0), ("type a row", 3, 0, 0), ("settle", 0, 0, 0), ("correct", 3, 3, 0),
        ("end a year", 0, 1, 1), ("days go by", 0, 0, 0),
    ],
    "what is corrected while a year ends the journal of that year tells alone: its words are forgotten all the same": [
        ("end a year", 0, 0, 1), *[("go on", 0, 0, 0)] * 4, ("correct", 0, 1, 0), ("days go by", 0, 0, 0),
    ],
    "a year is back, a ticket is pasted over another, its own row is cut: it takes no complaint that may have left": [
        ("end a year", 240, 723, 814), ("copy a row", 786, 578, 870), ("delete a row", 54, 426, 284),
        ("end a year", 163, 683, 548), ("answer", 409, 353, 475), ("settle", 254, 935, 657),
        ("write over the ticket", 164, 126, 15), ("end a year", 0, 129, 674), ("cut a row", 93, 107, 243),
    ],
    "a robot read where a year goes on before a row was deleted there: it is not said to be gone where it came back": [
        ("correct", 195, 714, 253), ("copy a row", 13, 146, 836), ("end a year", 950, 980, 802),
        ("settle", 579, 814, 777), ("settle", 771, 279, 492), ("end a year", 457, 746, 290),
        ("end a year", 580, 653, 364), ("go on", 311, 512, 137), ("cut a row", 701, 338, 301),
    ],
    "of two robots that end a year and bring it back in one second the slower clock ends it: it is ended": [
        ("end a year", 855, 736, 101), ("settle", 767, 644, 376), ("end a year", 29, 776, 765),
        ("end a year", 684, 358, 232), ("delete a row", 917, 559, 720), ("days go by", 397, 643, 909),
        ("days go by", 694, 881, 204), ("end a year", 406, 437, 760),
    ],
    "a robot that slept lays what it knew into the meeting's table: what another has laid there since stands": [
        ("start", 235, 75, 543), ("type a row", 959, 380, 913), ("interfere in Kendali", 465, 521, 253),
        ("wait", 799, 965, 124), ("type a row", 590, 322, 198), ("decide", 522, 794, 298), ("join", 784, 318, 64),
        ("go on", 725, 995, 140), ("go on", 419, 218, 74), ("start", 930, 16, 116),
    ],
    "a row moves to another spreadsheet and is gone from there in the same second: there it was seen last": [
        ("answer", 192, 135, 476), ("copy a row", 473, 233, 358), ("settle", 830, 677, 124), ("start", 537, 297, 75),
        ("remove a tab", 624, 579, 666), ("interfere in Kendali", 77, 781, 546), ("damage the journal", 994, 269, 249),
        ("remove a tab", 327, 480, 426), ("start", 10, 184, 345), ("interfere in Kendali", 419, 100, 285),
    ],
    "a row is typed and moved to another spreadsheet in one second, and gone from there days later": [
        ("cut a row", 422, 368, 604), ("start", 164, 973, 318), ("delete a row", 501, 491, 83),
        ("cut a row", 82, 505, 31), ("paste a row", 369, 121, 584), ("days go by", 905, 206, 741),
        ("cut a row", 451, 522, 212), ("wish", 783, 225, 267),
    ],
    "a year ends while a robot begins, and a row that went along is copied: its ticket is not issued once more": [
        ("start", 880, 843, 335), ("go on", 436, 867, 774), ("go on", 446, 231, 921), ("remove a tab", 954, 755, 770),
        ("go on", 430, 966, 969), ("end a year", 427, 216, 942), ("run", 547, 94, 95), ("copy a row", 889, 805, 534),
    ],
    "an erased ticket is pasted beside a row that was corrected and copied: that is not the row to be emptied": [
        ("cut a row", 468, 933, 181), ("type a row", 272, 777, 91), ("paste a row", 293, 385, 555),
        ("type a row", 104, 805, 405), ("settle", 302, 607, 73), ("say when", 582, 923, 952), ("erase", 43, 961, 378),
        ("type a row", 891, 921, 651), ("copy a row", 447, 467, 610), ("write over the ticket", 206, 432, 979),
        ("finish a row", 620, 632, 59),
    ],
    "of two robots one takes in a row that was brought back, the other the same row where it was pasted: one ticket": [
        ("end a year", 224, 792, 718), ("settle", 828, 955, 31), ("move a column", 259, 894, 861),
        ("end a year", 340, 786, 868), ("type a row", 867, 964, 793), ("go on", 342, 378, 295), ("suffer", 366, 433, 0),
        ("go on", 155, 878, 724), ("go on", 946, 972, 278), ("write over the ticket", 447, 449, 115),
        ("end a year", 821, 592, 162), ("go on", 783, 0, 565), ("cut a row", 182, 185, 658),
        ("paste a row", 681, 269, 218), ("answer", 595, 565, 359), ("go on", 643, 821, 368), ("go on", 424, 772, 194),
        ("go on", 766, 901, 919), ("go on", 563, 289, 946),
    ],
    "a year is ended once more while a row of it is corrected, cut and pasted into another spreadsheet: one ticket": [
        ("type a row", 471, 272, 491), ("end a year", 452, 388, 92), ("end a year", 751, 295, 945),
        ("cut a row", 923, 966, 177), ("delete a row", 411, 946, 758), ("run", 209, 316, 285),
        ("correct", 515, 538, 135), ("cut a row", 290, 843, 646), ("run", 468, 981, 388), ("cut a row", 337, 52, 844),
        ("type a row", 893, 968, 260), ("settle", 14, 120, 542), ("end a year", 269, 706, 239),
        ("go on", 811, 104, 373), ("go on", 251, 646, 291), ("end a year", 272, 634, 286),
        ("paste a row", 671, 155, 188), ("go on", 157, 546, 582),
    ],
    "of a row that stands in a tab that was brought back, too, the ticket is cleared where it goes on: it comes back": [
        ("end a year", 938, 200, 610), ("settle", 615, 565, 962), ("end a year", 616, 954, 104),
        ("type a row", 792, 273, 364), ("end a year", 881, 832, 551), ("type a row", 424, 699, 916),
        ("go on", 493, 804, 37), ("cut a row", 987, 933, 282), ("go on", 243, 932, 561), ("go on", 145, 465, 53),
        ("paste a row", 981, 287, 755), ("go on", 31, 60, 927), ("go on", 739, 368, 117), ("settle", 543, 60, 303),
        ("correct", 471, 142, 140), ("clear robot columns", 361, 561, 900),
    ],
    "a spreadsheet is listed with its copy, and a year ends: neither gives up the tickets of the other": [
        ("copy a spreadsheet", 380, 529, 200), ("type a row", 457, 137, 434), ("copy a row", 442, 262, 55),
        ("end a year", 139, 224, 913), ("type a row", 610, 281, 940), ("copy a row", 632, 203, 905),
        ("correct", 487, 556, 783), ("settle", 475, 70, 958), ("end a year", 555, 197, 760),
    ],
    "a row above the headings is taken away while tickets are written: the headings that they cover come back": [
        ("insert a column", 80, 118, 771), ("type a row", 509, 900, 225), ("start", 792, 526, 364),
        ("go on", 666, 180, 643), ("go on", 484, 755, 937), ("go on", 384, 77, 53), ("go on", 906, 301, 967),
        ("answer", 185, 162, 527), ("go on", 948, 867, 445), ("cut a row", 694, 176, 794), ("go on", 354, 336, 104),
        ("paste a row", 13, 475, 556), ("type a row", 603, 174, 119), ("go on", 662, 138, 466),
        ("go on", 162, 970, 240), ("interfere", 869, 474, 591),
    ],
    "a case is closed at a wish while another robot ends the year of its spreadsheet: the wish is answered": [
        ("end a year", 678, 704, 283), ("answer", 538, 367, 739), ("cut a row", 787, 807, 143),
        ("go on", 248, 240, 797), ("delete a row", 735, 889, 835), ("type a row", 761, 165, 200),
        ("go on", 260, 78, 250), ("start", 157, 361, 795), ("go on", 813, 497, 940), ("go on", 220, 273, 726),
        ("go on", 109, 306, 206), ("go on", 368, 40, 582), ("go on", 169, 586, 496), ("begin a row", 579, 734, 838),
        ("go on", 567, 487, 492), ("go on", 752, 992, 991), ("go on", 432, 717, 476), ("go on", 401, 447, 15),
        ("wish", 540, 261, 282), ("go on", 396, 268, 867), ("go on", 139, 893, 83), ("go on", 741, 102, 221),
        ("go on", 967, 251, 108), ("go on", 209, 243, 14), ("go on", 958, 764, 517), ("go on", 191, 309, 87),
    ],
    "a stamp of a form that was covered comes back as the moment that it was, not as text that is no date": [
        ("end a year", 773, 298, 701), ("answer", 517, 125, 286), ("end a year", 430, 17, 299),
        ("begin a row", 32, 477, 742), ("go on", 912, 293, 88), ("type a row", 929, 412, 33),
        ("suffer", 917, 754, 586), ("go on", 824, 890, 672), ("go on", 60, 106, 718), ("interfere", 435, 98, 699),
        ("go on", 778, 478, 897), ("end a year", 451, 702, 158), ("run", 93, 339, 334), ("answer", 583, 182, 279),
        ("delete a row", 194, 917, 498), ("answer", 880, 872, 158), ("go on", 970, 245, 651),
        ("go on", 194, 534, 649), ("go on", 768, 469, 589), ("interfere", 879, 581, 528),
    ],
    "a row is corrected twice, and a neighbour's next complaint is typed into another tab, where its ticket landed": [
        ("type a row", 809, 809, 375), ("type a row", 149, 163, 89), ("type a row", 897, 95, 713),
        ("type a row", 243, 628, 364), ("start", 529, 250, 817), ("interfere in Kendali", 751, 370, 630),
        ("go on", 1, 361, 884), ("go on", 257, 634, 634), ("interfere", 152, 496, 570), ("type a row", 345, 81, 300),
        ("type a row", 401, 345, 37), ("correct", 985, 929, 123), ("type a row", 955, 575, 200),
        ("correct", 935, 535, 413),
    ],
    "a robot writes and dies between another one's reading and its look at who has died: what landed is taken away": [
        ("end a year", 591, 135, 373), ("type a row", 63, 937, 321), ("type a row", 43, 801, 839),
        ("interfere in Kendali", 352, 577, 476), ("go on", 265, 95, 302), ("end a year", 602, 45, 747),
        ("go on", 303, 939, 31), ("go on", 362, 46, 433), ("go on", 656, 71, 426), ("go on", 154, 794, 567),
        ("end a year", 495, 650, 480), ("go on", 610, 651, 836), ("type a row", 350, 90, 766),
        ("go on", 900, 716, 753), ("go on", 775, 963, 894), ("go on", 412, 814, 104), ("go on", 714, 477, 99),
        ("go on", 706, 874, 323), ("interfere", 958, 513, 635), ("go on", 871, 64, 822), ("go on", 757, 976, 78),
        ("interfere and cut off", 571, 457, 879),
    ],
    "a year ends while another robot begins, and the tab of the highest numbers is gone: no number is issued again": [
        ("copy a row", 343, 94, 81), ("remove a tab", 535, 431, 83), ("end a year", 347, 472, 984),
        ("cut a row", 543, 393, 313), ("correct", 453, 248, 823), ("days go by", 351, 130, 411),
        ("end a year", 128, 463, 182), ("paste a row", 221, 779, 367), ("start", 13, 276, 802),
        ("go on", 631, 402, 744), ("correct", 709, 287, 529), ("run", 638, 711, 842), ("type a row", 410, 882, 940),
    ],
    "a column without a heading is moved, and its row too, as its cell is covered: it is given back there": [
        ("insert a column", 292, 612, 282), ("copy a row", 645, 164, 72), ("add a tab", 82, 546, 241),
        ("correct", 742, 9, 1), ("delete a row", 679, 223, 620), ("protect", 35, 14, 376),
        ("delete a row", 861, 723, 268), ("correct", 233, 688, 343), ("settle", 319, 116, 598),
        ("end a year", 46, 288, 801), ("go on", 532, 77, 465), ("copy a row", 613, 908, 886), ("go on", 76, 90, 478),
        ("go on", 552, 911, 834), ("interfere", 144, 101, 773), ("interfere", 586, 73, 791),
    ],
    "corrected, cut and pasted into another spreadsheet while a robot was between the two": [
        ("end a year", 844, 896, 723), ("days go by", 908, 484, 688), ("start", 622, 572, 785),
        ("go on", 326, 5, 307), ("go on", 608, 340, 534), ("go on", 764, 610, 555), ("correct", 522, 470, 122),
        ("cut a row", 255, 736, 943), ("paste a row", 447, 945, 423),
    ],
}  # fmt: skip


@pytest.mark.sampled(25)
@pytest.mark.parametrize("steps", FELL.values(), ids=FELL)
def test_what_fell_once_holds(site: Site, steps: list[Step]) -> None:
    assert run(site, steps, len(steps) + 1).failure is None


_BACK: list[Step] = [
    ("end a year", 69, 895, 454), ("settle", 228, 940, 535), ("correct", 3, 261, 763), ("end a year", 411, 73, 316),
    ("cut a row", 809, 870, 18), ("interfere in Kendali", 357, 711, 765), ("settle", 97, 392, 416),
    ("type a row", 136, 421, 417), ("end a year", 583, 311, 859), ("go on", 243, 665, 396), ("go on", 445, 754, 727),
    ("paste a row", 482, 515, 142), ("go on", 755, 402, 664), ("type a row", 523, 289, 607), ("go on", 229, 130, 75),
    ("interfere", 344, 555, 736),
]  # fmt: skip
#: The same, where a Cadangan stands beside Kendali.
FELL_APART: dict[str, list[Step]] = {
    "a year is back, and a robot's ticket landed beside a row that may have left: another robot takes it away": [
        *_BACK, ("end a year", 938, 498, 585), ("go on", 75, 829, 405),
    ],
    "a year is back, and the ticket of a row that may have left landed beside another: that one has not left": [
        *_BACK, ("interfere", 724, 79, 877), ("go on", 351, 386, 450), ("go on", 75, 829, 405), ("go on", 29, 203, 198),
        ("interfere", 312, 281, 197),
    ],
    "a column is inserted as a year is put away: the line that says so covers a heading, and that is given back": [
        ("begin a row", 137, 298, 736), ("type a row", 397, 66, 452), ("end a year", 328, 29, 777),
        ("type a row", 135, 359, 483), ("interfere in Kendali", 566, 469, 42), ("go on", 498, 620, 330),
        ("triage", 966, 254, 950), ("go on", 646, 473, 510), ("type a row", 250, 45, 787), ("go on", 530, 752, 521),
        ("go on", 792, 62, 637), ("go on", 774, 372, 469), ("go on", 512, 59, 205), ("begin a row", 98, 162, 212),
        ("go on", 756, 492, 266), ("interfere", 334, 277, 657), ("days go by", 717, 651, 786),
        ("type a row", 904, 919, 714), ("cut a row", 69, 71, 235), ("end a year", 400, 948, 608),
        ("cut a row", 179, 912, 546),
    ],
    "a ticket lands beside a neighbour's next complaint as its own row is deleted: it is not that one's": [
        ("type a row", 652, 114, 332), ("days go by", 193, 693, 485), ("start", 723, 944, 220),
        ("go on", 973, 875, 736), ("go on", 773, 703, 905), ("go on", 967, 376, 520), ("cut a row", 389, 775, 63),
        ("go on", 497, 588, 660), ("clear robot columns", 692, 985, 143), ("answer", 162, 732, 663),
        ("move a column", 712, 73, 931), ("go on", 421, 899, 1), ("answer", 375, 415, 809),
        ("delete a row", 637, 666, 538), ("interfere", 261, 655, 56), ("interfere", 373, 170, 882),
        ("go on", 311, 334, 970), ("start", 562, 338, 897),
    ],
    "a year is back, and a robot could not put right what it had covered: it does so itself, as long as it lives": [
        ("end a year", 543, 773, 184), ("end a year", 266, 643, 113), ("interfere in Kendali", 591, 285, 90),
        ("type a row", 777, 108, 437), ("days go by", 308, 946, 570), ("end a year", 67, 651, 840),
        ("type a row", 383, 374, 253), ("start", 386, 962, 923), ("answer", 811, 520, 838), ("answer", 475, 651, 906),
        ("go on", 130, 839, 429), ("copy a row", 154, 651, 407), ("go on", 86, 527, 569),
        ("type a row", 779, 950, 982), ("go on", 232, 505, 588), ("go on", 788, 691, 427), ("go on", 762, 527, 137),
        ("interfere", 574, 301, 186), ("go on", 66, 996, 641), ("interfere in Kendali", 211, 311, 796),
        ("correct", 418, 290, 815),
    ],
    "a year is back, and a robot that read before believes the row where it had gone: the next one knows": [
        ("type a row", 911, 66, 295), ("end a year", 794, 732, 724), ("join", 187, 953, 508),
        ("end a year", 45, 785, 641), ("interfere in Kendali", 457, 725, 455),
        ("interfere in Kendali", 429, 236, 288), ("go on", 15, 492, 880), ("go on", 441, 210, 825),
        ("go on", 273, 854, 136), ("cut a row", 450, 149, 429), ("end a year", 337, 592, 427),
        ("go on", 113, 403, 432), ("go on", 547, 932, 30),
    ],
    "a year is back, and the only row of its new tab is cut as it is asked whether that shows another's rows": [
        ("end a year", 24, 346, 521), ("end a year", 271, 764, 414), ("type a row", 46, 210, 575),
        ("run", 377, 120, 431), ("copy a row", 671, 482, 444), ("interfere in Kendali", 542, 82, 732),
        ("end a year", 188, 835, 355), ("go on", 986, 942, 972), ("go on", 606, 100, 432), ("go on", 526, 603, 436),
        ("answer", 106, 261, 956), ("go on", 540, 498, 288), ("rename a heading", 148, 657, 563),
        ("cut a row", 758, 267, 784), ("protect", 16, 191, 539),
    ],
    "an answer lands over another wish's, and another robot does that one meanwhile: it stood open to it": [
        ("cut a row", 959, 758, 553), ("type a row", 262, 241, 643), ("start", 47, 898, 300),
        ("answer", 87, 415, 125), ("interfere in Kendali", 729, 363, 707), ("wish", 32, 161, 301),
        ("end a year", 216, 977, 384), ("interfere in Kendali", 50, 782, 74), ("paste a row", 912, 347, 541),
        ("wish", 924, 29, 442), ("wish", 121, 966, 277), ("end a year", 807, 36, 672),
        ("interfere in Kendali", 368, 852, 118), ("wish", 201, 923, 842), ("go on", 287, 47, 164),
        ("type a row", 59, 564, 961), ("delete a row", 872, 712, 344), ("answer", 469, 695, 883),
        ("start", 237, 336, 979), ("delete a row", 146, 648, 45), ("end a year", 574, 180, 622),
        ("interfere in Kendali", 161, 9, 859), ("go on", 813, 807, 410),
    ],
    "a year is ended again by a slow robot that had it back after a row moved on: one of two rows keeps the ticket": [
        ("answer", 372, 899, 614), ("end a year", 695, 398, 198), ("type a row", 305, 725, 120),
        ("go on", 635, 409, 788), ("go on", 673, 765, 839), ("type a row", 408, 236, 505),
        ("begin a row", 918, 14, 928), ("go on", 701, 6, 645), ("go on", 259, 666, 431),
        ("type a row", 514, 251, 503), ("suffer", 170, 564, 998), ("end a year", 116, 38, 182),
        ("go on", 753, 340, 241), ("type a row", 250, 356, 495), ("go on", 578, 192, 947),
        ("type a row", 699, 564, 430), ("decide", 342, 290, 167), ("go on", 465, 295, 575), ("go on", 983, 250, 91),
        ("run", 156, 322, 156), ("go on", 963, 8, 494), ("cut a row", 802, 828, 22), ("go on", 783, 269, 29),
        ("go on", 675, 168, 865), ("end a year", 948, 358, 660), ("paste a row", 199, 366, 395),
    ],
}  # fmt: skip


@pytest.mark.sampled(25)
@pytest.mark.parametrize("steps", FELL_APART.values(), ids=FELL_APART)
@pytest.mark.parametrize("site", [f"google{APART}"], indirect=True)
def test_what_fell_once_beside_a_second_copy_holds(site: Site, steps: list[Step]) -> None:
    assert run(site, steps, len(steps) + 1).failure is None


class AnOffice(RuleBasedStateMachine):
    """The same actions, chosen by Hypothesis, which looks for the shortest history that fails."""

    site: Site

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(self.site)

    @rule(name=st.sampled_from(sorted(ACTIONS)), a=NUMBERS, b=NUMBERS, c=NUMBERS)
    def act(self, name: str, a: int, b: int, c: int) -> None:
        self.office.act((name, a, b, c))

    @precondition(lambda self: any(robot.busy for robot in self.office.robots))
    @rule(robot=NUMBERS, fate=st.sampled_from(Fate))
    def go_on(self, robot: int, fate: Fate) -> None:
        self.office.step(robot % 2, fate)

    def teardown(self) -> None:
        try:
            self.office.act(("mend the headings", 0, 0, 0))
            self.office.settle()
        finally:
            self.office.close()


@pytest.mark.long
def test_hypothesis_finds_no_history_that_fails() -> None:
    with ExitStack() as stack:
        AnOffice.site = stack.enter_context(opened("google"))
        few = settings(max_examples=20 if ALL else 5, stateful_step_count=40, deadline=None, derandomize=True)
        run_state_machine_as_test(AnOffice, settings=few)
