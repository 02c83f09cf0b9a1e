"""The fill-in workbook of a local monitoring body: written from a case, checked, and taken back into it."""

from ogp_analysis.forms.apply import FormError, Outcome, import_form
from ogp_analysis.forms.write import write_form

__all__ = ["FormError", "Outcome", "import_form", "write_form"]
