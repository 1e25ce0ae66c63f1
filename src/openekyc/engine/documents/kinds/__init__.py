"""The 21 kinds of documents. `KINDS` has them by name, in the order of the contract's list."""

from collections.abc import Mapping

from openekyc.engine.documents.kinds import (
    hk,
    hmt_permit,
    indonesia_id,
    indonesia_licence,
    japan_id,
    japan_licence,
    macao,
    mainland_id,
    malaysia_id,
    malaysia_licence,
    passport,
    philippines_licence,
    philippines_sss,
    philippines_tin,
    philippines_umid,
    philippines_vote,
    singapore_id,
    singapore_licence,
    taiwan_id,
    thailand_id,
    thailand_licence,
)
from openekyc.engine.documents.values import Kind, KindName

KINDS: Mapping[KindName, Kind] = {
    module.KIND.name: module.KIND
    for module in (
        hk,
        malaysia_id,
        indonesia_id,
        philippines_vote,
        philippines_licence,
        philippines_tin,
        philippines_sss,
        philippines_umid,
        passport,
        macao,
        thailand_id,
        mainland_id,
        singapore_id,
        japan_id,
        malaysia_licence,
        indonesia_licence,
        thailand_licence,
        singapore_licence,
        japan_licence,
        taiwan_id,
        hmt_permit,
    )
}
