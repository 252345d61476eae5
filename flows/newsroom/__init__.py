"""The bundled newsroom: a feed server on 127.0.0.1 with articles of our own, for the demo and the tests."""
