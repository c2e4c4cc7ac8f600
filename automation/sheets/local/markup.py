"""XML as text. A part is cut into nodes that remember how they were written: what nobody changes is written as it was,
including prefixes and unknown elements."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from sys import intern
from typing import Self
from xml.parsers.expat import ParserCreate
from xml.sax.saxutils import escape, quoteattr

ATTRIBUTES = r"""(?:\s+[^\s=<>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*"""
_TAG = re.compile(rf"<(/?)([^\s<>/?!]+)({ATTRIBUTES}\s*)(/?)>|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([^\s=<>/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml([^>]*)\?>")
_BYTE_ORDER = b"\xef\xbb\xbf"
#: The most nodes of one part: a file of a few kilobytes can unpack to millions.
_MOST_NODES = 1_000_000

#: A part's bytes, in order: those of a large part are never joined, so that they stand in memory once.
Pieces = Sequence[bytes | memoryview]


class TooLarge(Exception):
    """Raised for more than any spreadsheet holds, instead of reading on."""


class Node:
    """An element. Its `children` are nodes, and text as it stands in the file (escaped). A node without a name is no
    element: it stands for a whole document, or for an element that was not found, and is false."""

    __slots__ = ("_attributes", "_written", "children", "local", "name")

    def __init__(
        self, name: str, attributes: Mapping[str, object] | str = "", children: "Iterable[Node | str]" = ()
    ) -> None:
        self.name = name
        self.local = name.rpartition(":")[2] if ":" in name else name  # without its prefix
        self.children: list[Node | str] = list(children)
        self._written = attributes if isinstance(attributes, str) else None
        self._attributes = None if isinstance(attributes, str) else {k: str(v) for k, v in attributes.items()}

    def __bool__(self) -> bool:
        return bool(self.name)

    def __str__(self) -> str:
        content = "".join(map(str, self.children))
        if not self.name:
            return content
        attributes = self._written
        if attributes is None:
            attributes = "".join(f" {name}={quoteattr(value)}" for name, value in self.items().items())
        return f"<{self.name}{attributes}>{content}</{self.name}>" if self.children else f"<{self.name}{attributes}/>"

    @property
    def prefix(self) -> str:
        """The namespace prefix: empty, or such as ``x:``."""
        return self.name.removesuffix(self.local)

    @property
    def text(self) -> str:
        written = (part for part in self.children if not (isinstance(part, str) and part.startswith("<")))
        return "".join(unescape(part) if isinstance(part, str) else part.text for part in written)

    @property
    def nodes(self) -> "list[Node]":
        """The elements directly in it."""
        return [child for child in self.children if isinstance(child, Node)]

    def items(self) -> Mapping[str, str]:
        """Its attributes. They are not kept, because one node of thousands is changed."""
        return self._attributes if self._attributes is not None else attributes_in(self._written or "")

    def get(self, name: str, default: str = "") -> str:
        written, sign = self._written or "", f' {name}="'
        if (at := written.find(sign)) >= 0 and "'" not in written:  # nearly always, and much faster
            return unescape(written[at + len(sign) : written.index('"', at + len(sign))])
        return default if name not in (self._attributes or written) else self.items().get(name, default)

    def reference(self) -> str:
        """The id of the part that it refers to, whatever prefix its attribute has."""
        return next((value for name, value in self.items().items() if name.endswith(":id")), "")

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.get(name, str(default)).lower() in ("1", "true", "on")

    def set(self, **attributes: object) -> Self:
        """Change attributes; None removes one. They are sorted, as programs write those of a cell (r, s, t)."""
        before = self.items()
        after = {**before, **{name: str(value) for name, value in attributes.items()}}
        kept = {name: value for name, value in after.items() if attributes.get(name, "") is not None}
        if kept != before:
            self._attributes, self._written = dict(sorted(kept.items())), None
        return self

    def rewrite(self, attributes: str, content: str) -> Self:
        """Replace its attributes and content by these, as XML."""
        self._written, self._attributes, self.children = attributes, None, [content] if content else []
        return self

    def copy(self) -> "Node":
        attributes = self.items() if self._written is None else self._written
        return Node(self.name, attributes, (one.copy() if isinstance(one, Node) else one for one in self.children))

    def all(self, local: str) -> "Iterator[Node]":
        """Every element of this name, at any depth."""
        for child in self.nodes:
            if child.local == local:
                yield child
            yield from child.all(local)

    def each(self, local: str) -> "list[Node]":
        """The elements of this name directly in it."""
        return [child for child in self.nodes if child.local == local]

    def find(self, local: str) -> "Node":
        """The first element of this name directly in it; if there is none, an empty node, which is false."""
        for child in self.children:
            if isinstance(child, Node) and child.local == local:
                return child
        return Node("")

    def add(self, local: str, order: Sequence[str] = (), **attributes: object) -> "Node":
        """Add a new element with the same prefix: at the end, or where the `order` of elements has it."""
        return self.insert(Node(self.prefix + local, attributes), order)

    def insert(self, node: "Node", order: Sequence[str] = ()) -> "Node":
        """Put an element in: at the end, or where the `order` of elements has it."""
        if not order:
            self.children.append(node)
            return node
        earlier = order[: order.index(node.local) + 1]
        before = [at for at, one in enumerate(self.children) if isinstance(one, Node) and one.local in earlier]
        self.children.insert(before[-1] + 1 if before else 0, node)
        return node

    def ensure(self, local: str, order: Sequence[str]) -> "Node":
        """The element of this name, made if there is none."""
        return self.find(local) or self.add(local, order)

    def discard(self, *locals_: str) -> None:
        """Remove the elements of these names directly in it, also of what was not cut."""
        parts = (cut(one).children if isinstance(one, str) and one.startswith("<") else [one] for one in self.children)
        self.children = [one for part in parts for one in part if isinstance(one, str) or one.local not in locals_]


def attributes_in(tag: str) -> dict[str, str]:
    """The attributes that stand in a tag."""
    return {name: unescape(one or other) for name, one, other in _ATTRIBUTE.findall(tag)}


def cut(text: str) -> Node:
    """Cut XML that was `normalized` into nodes; returns a node without a name that holds them: a document's root, or
    the elements of a fragment."""
    if text.count("<") > 2 * _MOST_NODES:
        raise TooLarge
    top = Node("")
    open_nodes = [top]
    at = 0
    for tag in _TAG.finditer(text):
        inner = open_nodes[-1]
        if tag.start() > at:
            inner.children.append(text[at : tag.start()])
        at = tag.end()
        closing, name, attributes, empty = tag.groups()
        if closing:
            open_nodes.pop().children = inner.children or [""]  # so that an empty one keeps its two tags
            continue
        node = Node(intern(name), attributes) if name else tag[0]
        inner.children.append(node)
        if isinstance(node, Node) and not empty:
            open_nodes.append(node)
    if at < len(text):
        top.children.append(text[at:])
    return top


def normalized(part: bytes, *, comments: bool = False, checked: bool = False) -> bytes:
    """A part in UTF-8 without CDATA sections and the like (and without comments unless `comments`), so that every ``<``
    begins a tag. Nearly every part is plain, and returned as it is. Raises `ExpatError` for invalid XML, unless it was
    `checked` before."""
    declaration = _DECLARATION.match(part)
    told = declaration[1].lower() if declaration else b""
    usual = (b"encoding" not in told or b"utf-8" in told or b"ascii" in told) and b"\0" not in part[:4]
    tags = b"<![" not in part and b"<!DOCTYPE" not in part if comments else b"<!" not in part
    parser = ParserCreate()
    if usual and tags and (comments or part.count(b"<?") == (declaration is not None)):
        if not checked:
            parser.Parse(part, True)
        return part.removeprefix(_BYTE_ORDER)
    rewritten: list[str] = []
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: rewritten.append(
        f"<{name}{''.join(f' {key}={quoteattr(value)}' for key, value in attributes.items())}>"
    )
    parser.EndElementHandler = lambda name: rewritten.append(f"</{name}>")
    parser.CharacterDataHandler = lambda text: rewritten.append(escape(text, {"\r": "&#13;"}))
    parser.Parse(part, True)
    return "".join(rewritten).encode()
