"""Tests judge as a plain installation does, without the encoder; those of the second opinion ask for it."""

from folkmoot.detect import models

models.begin(second_opinions=False)  # here, before any module of tests loads the models
