"""A core system (基幹システム) for demo and tests: a process of its own, which shares nothing with Souto but the folder."""
