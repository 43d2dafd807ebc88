"""The query engine: tiles and filter state in, small frames out; it knows neither web, nor Dash, nor documents."""
