"""A message as a reader sees it: folding, spans back to the original, links, scripts."""
