"""The words of the form: titles of its sheets, headings of its columns, what goes into them, words for codes.

English texts are the keys; the catalogues translate them.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Titles of the sheets.
TITLES: Mapping[str, str] = {
    "guide": "Guide",
    "plans": "Plans",
    "commitments": "Commitments",
    "milestones": "Milestones",
    "progress": "Progress",
    "assessments": "Assessments",
    "sources": "Sources",
    "scorecard_items": "Items",
    "scorecard_values": "Values",
}

#: Headings, by column, or by table and column where a column means something of its own in a table.
HEADERS: Mapping[str, str] = {
    "_remove": "Remove?",
    "plan_id": "Plan",
    "member": "Member",
    "plans.title": "Title",
    "level": "Level",
    "start": "Start",
    "submitted": "Submitted on",
    "end": "End",
    "commitment_count": "Number of commitments",
    "inception_report": "Inception report",
    "inception_source_id": "Source of the inception report",
    "review": "Later reports",
    "source_id": "Source",
    "note": "Note",
    "commitment_key": "Commitment",
    "commitment_id": "OGP number of the commitment",
    "plan_level": "Level of the plan",
    "title": "Title",
    "lead": "Lead institution",
    "institutions": "Other government institutions",
    "partners": "Civil society partners",
    "ogp_values": "OGP values",
    "policy_areas": "Policy areas",
    "problem": "Problem",
    "status_quo": "State at the start",
    "action": "What is to be done",
    "target": "Target",
    "confidence": "Confidence",
    "milestone_no": "Milestone",
    "text": "What is to be done",
    "output": "Output",
    "responsible": "Who is responsible",
    "date": "Date",
    "claimed_status": "Status that the source claims",
    "finding": "Finding",
    "code_bps": "Kecamatan",
    "instrument": "Report",
    "assessor": "Assessor",
    "variable": "What was rated",
    "label": "Rating",
    "publisher": "Publisher",
    "kind": "Kind of publisher",
    "url": "Address",
    "seen": "Read on",
    "licence": "Licence",
    "code": "Item",
    "as_of": "Day or period",
    "value": "Value",
    "state": "State",
    "evidence": "Evidence",
}

#: What goes into a column, in small print under its heading; found as the headings are.
EXPLANATIONS: Mapping[str, str] = {
    "_remove": "x = take this row out of the case",
    "plan_id": "choose from the list",
    "plans.plan_id": "short name: small letters, digits and hyphens",
    "member": "member of OGP, as its page names it",
    "plans.title": "as published",
    "level": "choose from the list",
    "start": "2023, 2023-08 or 2023-08-17",
    "submitted": "a day such as 2023-08-17",
    "end": "2023, 2023-08 or 2023-08-17",
    "commitment_count": "whole number",
    "inception_report": "choose from the list",
    "inception_source_id": "short name of a source, from the list",
    "review": "titles of the reports",
    "source_id": "short name of a source, from the list; enter the source first",
    "sources.source_id": "short name that you choose: small letters, digits, dots and hyphens",
    "note": "remark, if there is one",
    "commitment_key": "choose from the list",
    "commitments.commitment_key": "number given by OGP, or a short name where none was seen",
    "commitment_id": "only if OGP published one",
    "plan_level": "such as local or national",
    "title": "as published; in brackets where the exact title was not seen",
    "lead": "name of the institution",
    "institutions": "names, separated by semicolons",
    "partners": "names, separated by semicolons",
    "ogp_values": "as listed on the page, separated by semicolons",
    "policy_areas": "as listed on the page, separated by semicolons",
    "problem": "in short",
    "status_quo": "in short",
    "action": "in short",
    "target": "in short",
    "confidence": "how sure the reading of the source is",
    "milestone_no": "number as published; empty where the evidence is about the whole commitment",
    "milestones.milestone_no": "number as published",
    "text": "as published",
    "output": "what is to come of it",
    "responsible": "name of the institution",
    "date": "2023, 2023-08 or 2023-08-17; empty where the day is not known",
    "claimed_status": "only what the source itself says; your own rating belongs in the sheet of assessments",
    "finding": "what was found, and where on the page",
    "code_bps": "only where it is about one kecamatan",
    "instrument": "title of the report or form that holds the rating",
    "assessor": "who rated: IRM, or the name of the monitoring body",
    "variable": "choose from the list first",
    "label": "the list follows what was rated",
    "publisher": "who published it",
    "kind": "paid content that speaks for a government counts as government",
    "url": "begins with http:// or https://; empty where there is none",
    "seen": "day on which you read it, such as 2023-08-17",
    "licence": "only where it is stated",
    "code": "choose from the list; the sheet of items says what to look at",
    "scorecard_values.code_bps": "choose from the list",
    "as_of": "that the value is about: 2023, 2023-08 or 2023-08-17",
    "value": "number in the unit of the item, within its bounds; empty where it is not known",
    "state": "illustrative only for exercises",
    "evidence": "address or document that shows the value; may stay empty where a source is given",
    "scorecard_values.source_id": "short name of a source, from the list; enter the source first",
}


def wording(texts: Mapping[str, str], table: str, column: str) -> str:
    """The text for a column of a table: its own, or that of every column of the name.

    Examples
    --------
    >>> wording(EXPLANATIONS, "sources", "source_id")[:10], wording(HEADERS, "plans", "date")
    ('short name', 'Date')
    """
    return texts.get(f"{table}.{column}") or texts[column]
