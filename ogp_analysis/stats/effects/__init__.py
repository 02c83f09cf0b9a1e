"""Whether a measure changed anything: comparisons over time, and a refusal where figures cannot tell.

``identification`` whether there is enough to tell, without estimating; ``two_groups`` difference-in-differences;
``event_study`` by distance from the start; ``group_time`` staggered starts; ``series`` one interrupted series;
``placebo`` the same where no effect can be; ``bootstrap`` chance with few clusters; ``words`` a result in plain
words. The packages that estimate (pyfixest, diff-diff) come with the extra ``effects`` and are loaded when first
used.
"""
