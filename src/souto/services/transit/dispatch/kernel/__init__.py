"""The compiled inside of the engine: arrays, insertion, search. Nothing here knows the model's words."""
