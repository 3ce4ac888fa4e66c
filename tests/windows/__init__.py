"""Tests of what Windows refuses, emulated on Linux."""
