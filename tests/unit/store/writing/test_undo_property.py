"""Whatever was added, retitled and taken back before: sources go alone, and each undo can be undone."""

from dataclasses import dataclass
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoapp.store import Store
from tests.unit.store.building import a_record, a_report, changed, put

_IDS = (f"post-{number}" for number in count(1))
# What happens to the record: the number of sources that a batch adds, a new title, or an undo of a batch
# (how far back it lies) that takes sources alone or everything.
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 2)),
        st.tuples(st.just("retitle"), st.integers(0, 9)),
        st.tuples(st.sampled_from(["sources", "undo"]), st.integers(0, 4)),
    ),
    min_size=2,
    max_size=8,
)


@dataclass
class _Told:
    """What one record should say: its title, its sources, and for each batch what it gave and found."""

    title: str
    sources: frozenset[str]

    @classmethod
    def of(cls, store: Store, identifier: str) -> "_Told":
        incident = store.get(identifier).incident
        return cls(incident.title, frozenset(str(each.report_id) for each in incident.reports))


def _add(store, identifier, number, numbers):
    record = store.get(identifier)
    fresh = [
        a_report(report_id=f"{identifier}/{each}", source_url=f"https://example.org/{each}")
        for each in (next(numbers) for _ in range(number))
    ]
    put(store, changed(record, reports=(*record.incident.reports, *fresh)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_only_what_a_batch_gave_leaves_and_every_undo_can_be_undone(store, steps):
    identifier, numbers = next(_IDS), count(2)
    put(store, a_record(identifier))
    before: dict[int, _Told] = {}
    after: dict[int, _Told] = {}
    for what, value in steps:
        stood = _Told.of(store, identifier)
        hashed = store.current().content_hash
        if what == "add":
            _add(store, identifier, value, numbers)
        elif what == "retitle":
            put(store, changed(store.get(identifier), title=f"Title {value} after {store.current().number}"))
        else:
            batch = sorted(after, reverse=True)[value : value + 1]
            if not batch:
                continue
            plan = store.undo_preview(batch[0])
            if not _undone(store, identifier, plan, what):
                continue
            given_by_it = after[batch[0]].sources - before[batch[0]].sources
            expected = (
                _Told(stood.title, stood.sources - given_by_it) if what == "sources" else before[batch[0]]
            )
            assert _Told.of(store, identifier) == expected
            made = store.batches()[0].id
            assert store.undo(made).content_hash == hashed
            store.undo(store.batches()[0].id)
            assert _Told.of(store, identifier) == expected
        made = store.batches()[0].id
        before[made], after[made] = stood, _Told.of(store, identifier)
        # Nothing is asked only where the record is as a batch left it, or found it.
        for plan in map(store.undo_preview, after):
            assert not plan.ready or after[made] == after[plan.batch.id]
            assert not plan.undone or after[made] == before[plan.batch.id]


def _undone(store, identifier, plan, what):
    """Take a batch back where its preview offers that."""
    if plan.undone:
        return False
    if what == "sources" and not (plan.conflicts and plan.conflicts[0].stands_without):
        return False
    store.undo(plan.batch.id, decisions={identifier: what})
    return True
