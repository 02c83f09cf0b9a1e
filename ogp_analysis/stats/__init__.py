"""Statistics fit for few cases, which know nothing of promises, measures or members.

``groups`` two small groups by exact permutation; ``proportions`` shares and their intervals; ``shrinkage`` rates
of small members drawn towards their common mean; ``association`` two ordered ratings of the same cases;
``standing`` the place of one unit among others; ``concentration``, ``inequality`` and ``progressivity`` who has
how much of something; ``benefit`` relief beside need; ``rates`` and ``suppression`` places of unlike size;
``spatial`` and ``local`` whether neighbours are alike; ``composite`` indices of many indicators, with how sure
their ranks are. Import the module you need: each loads only what it uses.
"""
