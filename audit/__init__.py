"""What the finished site must keep to, measured: weight, Lighthouse, HTML, accessibility, links, servers."""
