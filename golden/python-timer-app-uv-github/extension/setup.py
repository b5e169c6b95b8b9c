"""Makes ``python setup.py`` work. All metadata is in pyproject.toml."""

from setuptools import setup

setup()
