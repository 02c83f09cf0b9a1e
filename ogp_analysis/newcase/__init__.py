"""The folder of a new case: its tables with their headers, and only rows that follow from what was given.

:func:`ogp_analysis.newcase.scaffold.new_case` makes it. Nothing is imported here, for the command line needs only
the options of the command.
"""
