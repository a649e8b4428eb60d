"""What is published of the program and its content, made from them: see `scripts/docs.py`."""
