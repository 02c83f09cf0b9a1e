"""What a case does not say of its place and kecamatan, as a list of what is to be collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report


def collect_words(report: Report) -> list[str]:
    """Entries of the case that are not known, in words; none where everything is there.

    Parameters
    ----------
    report : Report
    """
    info, districts = report.case.jurisdiction, report.case.districts
    without_bps = int(districts["code_bps"].str.contains(".", regex=False).sum())
    without_count = int(districts["kelurahan_count"].isna().sum())
    words = []
    if "member_since" not in info:
        words.append(report.t("Since when the place is a member of OGP Local."))
    if not info.get("plan_id"):
        words.append(report.t("Its action plan."))
    if "code_bps" not in info:
        words.append(report.t("The code of the place in the numbering of BPS."))
    if districts.empty:
        words.append(report.t("Its kecamatan, with their codes and names."))
    if without_bps:
        words.append(
            report.t("BPS codes of kecamatan: {n} of {all} are not known.", n=without_bps, all=len(districts))
        )
    if without_count:
        words.append(
            report.t(
                "Numbers of kelurahan or desa: for {n} of {all} kecamatan not known.",
                n=without_count,
                all=len(districts),
            )
        )
    if not report.has_outline:
        words.append(report.t("Boundaries, or points of its villages: without them there is no map."))
    return words
