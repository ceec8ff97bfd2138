"""Measurements anyone can run: `make bench` (docs/measurements.md). No part of the product."""
