from virtual_school.shipped import *  # noqa: F403
