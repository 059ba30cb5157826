"""Values written one after the other come back as they were."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp import frames

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.lists(PLAIN))
def test_values_come_back_in_their_order(values: list[object]) -> None:
    stream = io.BytesIO()
    for value in values:
        frames.dump(value, stream)
    stream.seek(0)
    assert [frames.load(stream) for _ in values] == values
    with pytest.raises(EOFError):
        frames.load(stream)


@given(PLAIN, st.data())
def test_a_value_that_is_cut_off_is_not_read(value: object, data: st.DataObject) -> None:
    stream = io.BytesIO()
    frames.dump(value, stream)
    whole = stream.getvalue()
    with pytest.raises(EOFError):
        frames.load(io.BytesIO(whole[: data.draw(st.integers(0, len(whole) - 1))]))
