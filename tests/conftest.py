"""Tests judge as a plain installation does, without the encoder; those of the second opinion ask for it."""

import os

# Programs that tests start follow it too.
os.environ["FOLKMOOT_JUDGING_SECOND_OPINION"] = "false"
