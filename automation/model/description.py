"""A description, word by word, and which words may be shown. The sections of the vocabulary are named here."""

import re
from collections.abc import Container

from msgspec import Struct

from automation.model.vocabulary import Vocabulary

GAP = "…"
HIDDEN = "\ue000"  # stands in place of an e-mail address
#: Digits on one line, whatever is between them, even spoken words such as ``strip``.
RUN = r"\d+(?:(?:(?:[^\w\n]|_){1,4}|(?<=\d{3}) (?:koma|titik|strip|spasi|minus) (?=\d{3}))\d+)*"
_ALONE, _NO_MORE = r"(?<![\d/.-])", r"(?![/.-]?\d| ?[.-]? ?\d{3})"
_MONTH = r"(?:jan|[fp]ebr?|mar|apr|mei|jun|jul|ag(?:ust?|t)|sept?|o[kc]t|no[pv]|des)(?:uari|et|il|i|tus|ember|ober)?"
#: Numbers that are public wherever they stand: tickets, coordinates, money, dates, spans of years.
PUBLIC = (
    r"(?=[-\dri])(?:\bRR-\d{6}-\d{4,9}-\d\b"
    r"|(?<![\d.])-?(?:\d|10|11)[.,]\d{3,}°?[,; ] ?1[0-4]\d[.,]\d{3,}(?![\d.])"
    r"|\d{1,3}°\d{1,2}['′]\d{1,2}(?:[.,]\d+)?(?:[\"″]|['′]{2}) ?[NSEWUBTL]{1,2}\b"
    r"|(?<!\w)(?:Rp|IDR)[. ]{0,2}[1-9]\d{0,2}(?:(?:[.,]\d{3})+|\d{0,9})(?:,\d{1,2}|,-)?(?![\d.]*\d)"
    rf"|{_ALONE}[0-3]?\d(?:/[01]?\d/|-[01]?\d-|\.[01]?\d\.)(?:19|20)\d\d{_NO_MORE}"
    rf"|{_ALONE}(?<!\bno )(?<!\bno\. )[0-3]?\d (?:bulan )?{_MONTH}[.,]? (?:tahun )?(?:19|20)\d\d{_NO_MORE}"
    rf"|{_ALONE}(?:19|20)\d\d(?:-[01]\d-[0-3]\d| ?[/-] ?(?:19|20)\d\d){_NO_MORE})"
)
_TOKEN = re.compile(
    rf"(?P<public>{PUBLIC})|(?P<number>\d+(?:[.,]\d+)?x\d+(?:[.,]\d+)?|{RUN})"
    r"|(?P<word>[^\W_]+(?:['’-][^\W_]+)*)|(?P<mark>\S)",
    re.IGNORECASE,
)
_DAY = re.compile(r"[0-3]?\d ?/ ?[01]?\d(?: ?/ ?\d\d)?(?: ?- ?[0-3]?\d ?/ ?[01]?\d)?")
_YEAR = re.compile(r"19[4-9]\d|20[0-3]\d")
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_TOLL_FREE = re.compile(r"0800\d{6,7}|1500\d{3}")
_LANDLINE = re.compile(r"0[2-79]\d{6,10}|[2-9]\d{6,7}")
_REFERENCE = re.compile(r"([A-Z]{2,5})-[1-9]\d{2,5}(?:-\d{1,5})?")  # LK-2026-00871
_CALLABLE = re.compile(r"(?:0|62|8)\d{8,}")
_MOST_OF_CASE, _MOST_COUNTED = 12, 3  # digits of a case's number at most, and of a count
_NEAR, _PARTS = 7, 3  # words between an agency and its telephone or a birth and its day, and words of a name
_CODE, _ENDING = re.compile(r"..?|.*\d.*"), 3  # of a block or house (AA, F7); letters behind a name: Terangnya


class _Token(Struct):
    """A word, a number or a sign; `apart`: a space is before it; `place`: it belongs to the name of a place."""

    text: str = ""
    kind: str = ""
    apart: bool = False
    shown: bool = False
    place: bool = False


class Description:
    """A `plain` text on one line. `own` are the words of the reporter's name, `house` the words and numbers of the
    address. Every token has a neighbour on each side; the outermost are empty."""

    def __init__(self, plain: str, vocabulary: Vocabulary, own: set[str], house: set[str]) -> None:
        found = _TOKEN.finditer(plain)
        said = [_Token(one[0], str(one.lastgroup), plain[one.start() - 1 : one.start()] == " ") for one in found]
        self.tokens = [_Token(), *said, *(_Token() for _ in range(_PARTS + 1))]
        self._lows = [token.text.lower() for token in self.tokens]
        self._words, self._of, self._own = vocabulary, vocabulary.sections, tuple(own)
        # If all words have capitals, a capital marks no name: Lampu Jalan Mati Di Gang.
        long = [token.text for token in said if len(token.text) > _ENDING and token.kind == "word"]
        self._loud = plain.isupper() or (len(long) > _PARTS and all(word[0].isupper() for word in long))
        self._house, self._range = house - self._of["jalan"], range(1, len(said) + 1)

    def judge(self) -> None:
        """Decide of each token whether it is shown."""
        for at in self._range:
            self._know(at)
        for at in self._range:
            token = self.tokens[at]
            if token.shown and token.kind == "word":
                if self._lows[at] in self._words.before_names:
                    self._name_of_place(at)
                if self._lows[at] in self._of["nomor laporan"]:
                    self._number_of_case(at)
            elif self.tokens[at - 1].place and self._lows[at] in self._of["nama jalan"]:  # Cipondoh *Permai*
                token.shown = token.place = True
        for at in self._range:
            token = self.tokens[at]
            if token.kind == "number" and not token.shown:
                token.shown = self._is_public(at)
        for at in self._range:
            if self.tokens[at].kind == "word" and self._is_name(at):
                self.tokens[at].shown = False

    def told(self, *, from_matter: bool) -> str:
        """What is shown, with an ellipsis for what is between."""
        spoken = [at for at in self._range if self.tokens[at].shown and self.tokens[at].kind != "mark"]
        first = next((at for at in spoken if not (from_matter and self._is_opening(at))), spoken[0] if spoken else 1)
        counted = self.tokens[first].kind != "word"
        while self._belongs(first - 1, counted=counted):
            first -= 1
        text = ""
        for at in range(first, self._range.stop):
            token, gap = self.tokens[at], text.endswith(GAP)
            if not token.shown:
                text += "" if gap else f" {GAP}"
            elif not (token.kind == "mark" and gap):
                text += f" {token.text}" if token.apart or gap else token.text
        return text.strip().rstrip(" ,;:-(")

    def _know(self, at: int) -> None:
        token, low = self.tokens[at], self._lows[at]
        if token.kind != "word":
            before = self._lows[max(at - _NEAR, 0) : at]
            born = token.kind == "public" and not {"lahir", "kelahiran", "ttl"}.isdisjoint(before)
            born &= before[-1:] != ["sejak"]  # ``akta kelahiran belum jadi sejak 12/11/2026``
            token.shown = token.kind in ("public", "mark") and token.text != HIDDEN and not born
        else:
            phrase, place = self._words.phrase(self._lows, at)
            for part in self.tokens[at : at + phrase]:
                part.shown, part.place = True, place or part.place
            token.shown = token.shown or self._words.has(low)
            if not token.shown and (case := _REFERENCE.fullmatch(token.text)):
                token.shown = case[1].lower() not in self._of["nomor orang"]

    def _is_opening(self, at: int) -> bool:
        return self._lows[at] in self._of["pembuka"] and not (self.tokens[at].place or self.tokens[at + 1].place)

    def _belongs(self, at: int, *, counted: bool) -> bool:
        """Whether the token before the matter belongs to it: a bracket, what a number is of, or an office's title."""
        low, after, of = self._lows[at], self._lows[at + 1], self._of
        if low in ("(", "#"):
            return True
        if counted:
            return any(low in of[name] for name in ("nomor laporan", "nomor orang", "layanan"))
        of_case = low in of["nomor laporan"] and after in of["nomor orang"]
        return of_case or (low in of["sapaan"] and after in of["jabatan"])

    def _before(self, at: int, passing: Container[str] = ".:") -> int:
        """The index of the token before this one, passing over these signs."""
        return next((one for one in range(at - 1, -1, -1) if (self._lows[one] or " ") not in passing), 0)

    def _is_unknown(self, at: int) -> bool:
        return self.tokens[at].kind == "word" and not self.tokens[at].shown

    def _is_proper(self, at: int) -> bool:
        """Whether a word is written as a name."""
        return self.tokens[at].text[:1].isupper() and not self._loud

    def _name_of_place(self, at: int) -> None:
        """Show the name of a street, or of anything named like one: a known name; one unknown word, if nothing else can
        be meant; and several words that are written as a name."""
        of, lows, low, before = self._of, self._lows, self._lows[at], self._lows[at - 1]
        holy, named = low in of["rumah ibadah"], low in of["tempat bernama"]
        leads = low in of["jalan"] and (low != "jalan" or before not in of["sebelum jalan kaki"])
        leads = leads or (named and (not before or before in of["sebelum tempat"]))
        leads = leads or (low in of["selalu bernama"] and before not in of["orang di sana"])
        after = at + 1 + (lows[at + 1] == ".")
        while lows[after] in of["awal nama ibadah" if holy else "sebutan jalan"]:
            self.tokens[after].shown, leads = True, leads or holy
            after += 1 + (lows[after + 1] == ".")
        while count := self._words.street(lows, after):
            for token in self.tokens[after : after + count]:
                token.shown = token.place = True
            after, leads = after + count, leads and (named or low in of["perumahan"])
        if named and lows[after] in of["awal nama tempat"] and self._is_unknown(after + 1):
            self.tokens[after].shown, after = True, after + 1
        proper = self._is_proper(at) or low in of["jalan"]
        for part in range(after, after + _PARTS):
            token = self.tokens[part]
            if lows[part] in of["sapaan"] or lows[part] in of["sebelum tempat"]:  # Taman Depan *Soleh*
                return
            if not token.text.isalpha() or not ((proper and self._is_proper(part)) or (leads and not token.shown)):
                return
            token.shown = token.place = True
            leads = False

    def _number_of_case(self, at: int) -> None:
        """Show the number that follows: digits, letters and signs in one piece, too short for a telephone number."""
        near = self._lows[at + 1 : at + 1 + _PARTS]
        after = at + 1 + next((step for step, low in enumerate(near) if low in self._of["nomor rumah"]), 0)
        while self._lows[after] in self._of["sebelum nomor"]:
            after += 1
        last = after + 1
        while not self.tokens[last].apart and self.tokens[last].text and last - after < _MOST_OF_CASE:
            last += 1
        piece = self.tokens[after:last]
        digits = "".join(filter(str.isdigit, "".join(token.text for token in piece)))
        if 0 < len(digits) <= _MOST_OF_CASE and not _CALLABLE.fullmatch(digits) and piece[0].kind != "mark":
            for token in piece:
                token.shown = True

    def _is_public(self, at: int) -> bool:
        of, text, before, following = self._of, self.tokens[at].text, self._before(at, ".:-(#"), self._lows[at + 1]
        digits, previous = "".join(filter(str.isdigit, text)), self._lows[before]
        if _TOLL_FREE.fullmatch(digits) or (previous not in of["nomor rumah"] and digits in of["layanan khusus"]):
            return digits not in self._house
        many, at_part = following in of["satuan"], following in of["bagian alamat"]
        if "/" in text and (at_part or not many):  # of a house: Kapas Baru 2/56
            since = self.tokens[self._before(before, "s/")]  # tanggal 3/8 s/d 5/8
            until = previous in of["sampai tanggal"] and since.shown and _DAY.fullmatch(since.text) is not None
            return _DAY.fullmatch(text) is not None and (until or previous in of["sebelum tanggal"])
        # Jemursari Timur 17 RT 5, but “5 RT terendam”
        if at_part and previous and (previous in of["nama jalan"] or not self.tokens[before].shown):
            return False
        if len(digits) > _NEAR - 1:
            if _AMOUNT.fullmatch(text) and (many or digits.endswith("00")):
                return previous not in of["nomor orang"]
            return _LANDLINE.fullmatch(digits) is not None and self._is_of_agency(at)
        if self._lows[at - 1] == "#":
            return len(digits) > _MOST_COUNTED
        named = before
        while self.tokens[named].place:
            named -= 1
        of_school = self._lows[named] in of["sebelum angka"]  # SDN Karawaci 4
        at_house = (self.tokens[before].place or previous in self._house) and not of_school
        own = previous in of["nomor orang"] or digits in self._house
        if own or (at_house and not (many and following not in of["satuan rumah"])):
            return False
        after, few = self.tokens[at + 1], len(digits) <= _MOST_COUNTED
        counted = few and after.kind == "word" and after.shown and not self._is_of_house(at)
        return any((many, of_school, counted, _AMOUNT.fullmatch(text), _YEAR.fullmatch(text)))

    def _is_of_house(self, at: int) -> bool:
        """Whether what is before a number says that it may be a house's: ``rumah saya yang``, ``no 12 sampai``."""
        at = self._before(at, self._of["di antara nomor rumah"])
        hidden = not self.tokens[at].shown and _CODE.fullmatch(self._lows[at]) is not None
        return hidden or self._lows[at] in self._of["sebelum nomor rumah"]

    def _is_of_agency(self, at: int) -> bool:
        between = self._of["nomor orang"] | self._of["nama layanan"]
        for before in range(at - 1, max(at - 1 - _NEAR, 0), -1):
            token, low = self.tokens[before], self._lows[before]
            if low in self._of["layanan"]:
                return True
            if not (token.kind == "mark" or token.place or low in between):
                return False
        return False

    def _is_name(self, at: int) -> bool:
        """Whether a word that could be shown is somebody's name here. A street may have the name of the reporter."""
        token, low, of = self.tokens[at], self._lows[at], self._of
        own = (low.startswith(self._own) or "-" in low) and any(
            part == own or (len(own) > _ENDING and part.startswith(own) and len(part) <= len(own) + _ENDING)
            for own in self._own
            for part in (low, *low.split("-"))
        )
        if own or token.place or low not in self._words.maybe_names:
            return own and not (token.place and low in self._house)
        if self._lows[before := self._before(at)] in of["kata ganti"]:
            before = self._before(before)
        if self._lows[before] in of["sapaan"]:
            return True
        rare = low in of["jarang nama"]
        beside = [near for near in (at - 1, at + 1) if self._is_unknown(near)]
        return any(not rare or all(self.tokens[one].text[:1].isupper() for one in (at, near)) for near in beside)
