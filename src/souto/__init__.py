"""Souto (桑都): the digital platform that a Japanese city runs itself."""
