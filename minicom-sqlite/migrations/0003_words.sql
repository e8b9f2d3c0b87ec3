-- The words of the index, as the index itself has them: it takes no room, and an erased word is not in it.
CREATE VIRTUAL TABLE word USING fts5vocab(search, instance);
