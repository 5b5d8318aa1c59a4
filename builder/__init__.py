"""Jixiao (绩效): budget performance targets as plain text, checked, reviewed and published."""
