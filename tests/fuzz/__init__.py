"""Fuzz targets: run by `make fuzz`, for as long as wanted."""
