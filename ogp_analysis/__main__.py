"""``python -m ogp_analysis`` is ``ogp-analysis``, where the folder of commands is not in the path."""

import sys

from ogp_analysis.cli import main

if __name__ == "__main__":
    sys.exit(main())
