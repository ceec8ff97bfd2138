"""Many responses side by side: countries, regions and rounds.

No ranking, and no group of fewer than five shown to a country: `statistics.LEAST`.
"""
