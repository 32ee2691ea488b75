"""The raw text behind a Doc: where each token stands in the letter as it was read."""

from __future__ import annotations

from typing import Any, cast

from spacy.tokens import Doc, Span, Token

from imr_nlp.text.alignment import Alignment

_KEY = "imr_nlp.text"
_CLEAN = "imr_nlp.clean"


def set_text_layer(doc: Doc, raw: str, alignment: Alignment) -> None:
    """Store the raw text and its alignment on a Doc, in a form that DocBin keeps."""
    doc.user_data[_KEY] = {"raw": raw, **alignment.to_dict()}


def keep_text(doc: Doc, text: str) -> None:
    """Keep the readable text at hand while the components run.

    `Doc.text` is put together from the tokens at every call, and every component
    needs it.
    """
    doc.user_data[_CLEAN] = text


def text_of(doc: Doc) -> str:
    """Give `doc.text`, without putting it together where it is at hand."""
    return doc.user_data.get(_CLEAN) or doc.text


def release_text(doc: Doc) -> None:
    """Drop what `keep_text` kept, so that it is not stored twice with the Doc."""
    doc.user_data.pop(_CLEAN, None)


def raw_text(doc: Doc) -> str:
    """Give the raw text; for a Doc that never had one, its own text."""
    layer = doc.user_data.get(_KEY)
    return cast(str, layer["raw"]) if layer else doc.text


def alignment_of(doc: Doc) -> Alignment:
    """Give the alignment of a Doc's text with its raw text."""
    layer = cast("dict[str, Any] | None", doc.user_data.get(_KEY))
    # A part that was cut out of a Doc (`Span.as_doc`) carries the whole's layer.
    if layer is None or layer["length"] != len(text_of(doc)):
        return Alignment.identity(len(doc.text))
    return Alignment.from_dict(layer)


def to_raw(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Give the raw span of the characters `[start, end)` of `doc.text`."""
    return alignment_of(doc).to_raw(start, end)


def _token_start(token: Token) -> int:
    return to_raw(token.doc, token.idx, token.idx + len(token))[0]


def _token_end(token: Token) -> int:
    return to_raw(token.doc, token.idx, token.idx + len(token))[1]


def _span_start(span: Span) -> int:
    return to_raw(span.doc, span.start_char, span.end_char)[0]


def _span_end(span: Span) -> int:
    return to_raw(span.doc, span.start_char, span.end_char)[1]


def set_extensions() -> None:
    """Register the extension attributes; a second call changes nothing.

    The getters are functions of the module, since processes that are not forked
    get them pickled.
    """
    if Doc.has_extension("raw_text"):
        return
    Doc.set_extension("raw_text", getter=raw_text)
    Token.set_extension("raw_start", getter=_token_start)
    Token.set_extension("raw_end", getter=_token_end)
    Span.set_extension("raw_start", getter=_span_start)
    Span.set_extension("raw_end", getter=_span_end)


set_extensions()
