"""The tokenizer's own chat template, as it lies in its folder; thoughts in think tags.

A template that takes `reasoning_content` is given the reasoning there; for any other it stands in
the message, as DeepSeek-R1 writes it. What surrounds the parts is found by a conversation of marks,
which tells a template that loses or changes a part from one that only trims it.
"""

from collections.abc import Sequence
from functools import lru_cache

from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.schema_wording import Chat, Kind, Piece, Pieces, Said, joined

OPEN, CLOSE = "<think>\n", "\n</think>\n\n"
WORDS: dict[Kind, str] = {
    "system": "the system instruction",
    "prompt": "the prompt",
    "step": "the reasoning",
    "frame": "the reasoning",
    "answer": "the answer",
}
ENDS = ("<end_of_turn>", "<|im_end|>", "<|eot_id|>", "<|eot|>", "<|end|>", "<|return|>", "</s>")
"""How templates end a turn: what a model may write behind its answer."""

MARKS: dict[Kind, str] = {
    "system": "7Q0system0Q7",
    "prompt": "7Q0prompt0Q7",
    "step": "7Q0reasoning0Q7",
    "answer": "7Q0answer0Q7",
}


def pieces(said: Said) -> Pieces:
    """The turns before the model's are given; its own is learned, to its end."""
    if said.chat is None:
        raise BadInput(
            "The template chat needs a tokenizer with a chat template.",
            hint="Name the folder of a tokenizer, or of a model with its tokenizer.",
        )
    frames = _frames(said.chat, said.system is not None, said.steps is not None)
    asked, whole = said.chat(messages(said, said.chat))
    return _split(_found(whole, frames, _contents(said)), len(asked))


def messages(said: Said, chat: Chat) -> list[dict[str, str]]:
    """The conversation that a chat template is told."""
    before = [{"role": "system", "content": said.system}] if said.system is not None else []
    own = {"role": "assistant", "content": said.answer}
    if said.steps is not None:
        reasoning = "\n".join(said.steps)
        if chat.thinks_apart:
            own["reasoning_content"] = reasoning
        else:
            own["content"] = f"{OPEN}{reasoning}{CLOSE}{said.answer}"
    return [*before, {"role": "user", "content": said.prompt}, own]


def _contents(said: Said) -> list[list[Piece]]:
    """The pieces of each part that a template surrounds."""
    parts = [[Piece(said.prompt, "prompt")]]
    if said.system is not None:
        parts.insert(0, [Piece(said.system, "system")])
    if said.steps is not None:
        reasoning = []
        for place, step in enumerate(said.steps):
            reasoning += [Piece(step, "step", place), Piece("\n", "frame", place)]
        parts.append(reasoning[:-1])
    return [*parts, [Piece(said.answer, "answer")]]


@lru_cache(maxsize=16)
def _frames(chat: Chat, system: bool, reasoning: bool) -> list[str]:
    """What the template writes before, between and behind the parts of a conversation."""
    steps = [MARKS["step"]] if reasoning else None
    asked_with = MARKS["system"] if system else None
    marked = Said(MARKS["prompt"], steps, MARKS["answer"], asked_with)
    rest = chat(messages(marked, chat))[1]
    frames = []
    for content in _contents(marked):
        frame, mark, rest = rest.partition(content[0].text)
        if not mark:
            name = WORDS[content[0].kind]
            raise BadInput(f"The chat template loses {name}.", hint="Choose another template.")
        frames.append(frame)
    return [*frames, rest]


def _found(whole: str, frames: Sequence[str], contents: Sequence[list[Piece]]) -> list[Piece]:
    """Every character of a conversation as pieces, each part as the template left it."""
    pieces: list[Piece] = []
    at = 0
    for number, content in enumerate(contents):
        before, behind = frames[number], frames[number + 1]
        last = number == len(contents) - 1
        start = at + len(before)
        text = joined(content)
        kept = next((t for t in _trimmed(text) if _stands(whole, start, t + behind, last)), None)
        if kept is None or not whole.startswith(before, at):
            raise BadInput(
                f"the chat template changes {WORDS[content[0].kind]}, or what it writes around it.",
                hint="Choose another template.",
            )
        left = text.index(kept)
        pieces += [Piece(before, "frame"), *_within(content, left, left + len(kept))]
        at = start + len(kept)
    return [*pieces, Piece(frames[-1], "frame")]


def _stands(whole: str, at: int, text: str, last: bool) -> bool:
    return whole.startswith(text, at) and (not last or len(whole) == at + len(text))


def _trimmed(text: str) -> list[str]:
    """A text as templates leave it: whole, or without the white space around it."""
    return [text, text.strip("\n"), text.strip(), text.lstrip("\n"), text.lstrip(), text.rstrip()]


def _within(content: Sequence[Piece], start: int, end: int) -> list[Piece]:
    """The pieces between two characters of their text."""
    kept, at = [], 0
    for piece in content:
        low, high = max(start - at, 0), min(end - at, len(piece.text))
        if low < high:
            kept.append(piece._replace(text=piece.text[low:high]))
        at += len(piece.text)
    return kept


def _split(pieces: Sequence[Piece], border: int) -> Pieces:
    """The pieces before and behind a character; one that stands across it is cut."""
    whole = sum(len(one.text) for one in pieces)
    return Pieces(_within(pieces, 0, border), _within(pieces, border, whole))


def answer_of(text: str) -> str:
    """What stands below the last closing tag, or all of it where nobody thought."""
    said = text.rpartition("</think>")[2].strip()
    while end := next((one for one in ENDS if said.endswith(one)), None):
        said = said.removesuffix(end).rstrip()
    return "" if "<think>" in said else said


def prompt_of(prompt: str, system: str | None = None) -> str:
    """The bare prompt: the server or the provider that is asked applies the chat template."""
    return prompt
