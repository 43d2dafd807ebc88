"""The parameters of Plotly Express 7.1.0, its colour scales and templates.

Written by `python -m dash_views.figures.signatures`; do not change it by hand. `choice` goes before its words, with a
bar between two of them; scales and sequences are colours without the `#`.
"""

# fmt: off
PARAMETERS = {
    "data_frame": "text",
    "x": "column",
    "y": "column",
    "color": "column",
    "symbol": "column",
    "size": "column",
    "hover_name": "column",
    "hover_data": "columns",
    "custom_data": "columns",
    "text": "column",
    "facet_row": "column",
    "facet_col": "column",
    "facet_col_wrap": "integer",
    "facet_row_spacing": "number",
    "facet_col_spacing": "number",
    "error_x": "column",
    "error_x_minus": "column",
    "error_y": "column",
    "error_y_minus": "column",
    "animation_frame": "column",
    "animation_group": "column",
    "category_orders": "orders",
    "labels": "mapping",
    "orientation": "choice h|v",
    "color_discrete_sequence": "words",
    "color_discrete_map": "mapping",
    "color_continuous_scale": "words",
    "range_color": "range",
    "color_continuous_midpoint": "number",
    "symbol_sequence": "words",
    "symbol_map": "mapping",
    "opacity": "number",
    "size_max": "integer",
    "marginal_x": "choice rug|box|violin|histogram",
    "marginal_y": "choice rug|box|violin|histogram",
    "trendline": "choice ols|lowess|rolling|expanding|ewm",
    "trendline_options": "options",
    "trendline_color_override": "text",
    "trendline_scope": "choice trace|overall",
    "log_x": "switch",
    "log_y": "switch",
    "range_x": "range",
    "range_y": "range",
    "render_mode": "choice auto|svg|webgl",
    "title": "text",
    "subtitle": "text",
    "template": "text",
    "width": "integer",
    "height": "integer",
    "line_group": "column",
    "line_dash": "column",
    "line_dash_sequence": "words",
    "line_dash_map": "mapping",
    "markers": "switch",
    "line_shape": "choice linear|spline|hv|vh|hvh|vhv",
    "pattern_shape": "column",
    "pattern_shape_sequence": "words",
    "pattern_shape_map": "mapping",
    "groupnorm": "choice fraction|percent",
    "base": "column",
    "barmode": "choice group|overlay|relative",
    "text_auto": "text",
    "marginal": "choice rug|box|violin|histogram",
    "barnorm": "choice fraction|percent",
    "histnorm": "choice percent|probability|density|probability density",
    "histfunc": "choice count|sum|avg|min|max",
    "cumulative": "switch",
    "nbins": "integer",
    "boxmode": "choice group|overlay",
    "points": "choice outliers|suspectedoutliers|all",
    "notched": "switch",
    "violinmode": "choice group|overlay",
    "box": "switch",
    "stripmode": "choice group|overlay",
    "lines": "switch",
    "ecdfnorm": "choice probability|percent",
    "ecdfmode": "choice standard|complementary|reversed",
    "z": "column",
    "nbinsx": "integer",
    "nbinsy": "integer",
    "names": "column",
    "values": "column",
    "hole": "number",
    "parents": "column",
    "path": "columns",
    "ids": "column",
    "branchvalues": "choice total|remainder",
    "maxdepth": "integer",
    "error_z": "column",
    "error_z_minus": "column",
    "log_z": "switch",
    "range_z": "range",
    "dimensions": "columns",
    "dimensions_max_cardinality": "integer",
    "r": "column",
    "theta": "column",
    "direction": "choice counterclockwise|clockwise",
    "start_angle": "integer",
    "range_r": "range",
    "range_theta": "range",
    "log_r": "switch",
    "line_close": "switch",
    "a": "column",
    "b": "column",
    "c": "column",
    "x_start": "column",
    "x_end": "column",
}
SIGNATURES = {
    "scatter": (
        "data_frame x y color symbol size hover_name hover_data custom_data text facet_row facet_col facet_col_wrap "
        "facet_row_spacing facet_col_spacing error_x error_x_minus error_y error_y_minus animation_frame "
        "animation_group category_orders labels orientation color_discrete_sequence color_discrete_map "
        "color_continuous_scale range_color color_continuous_midpoint symbol_sequence symbol_map opacity size_max "
        "marginal_x marginal_y trendline trendline_options trendline_color_override trendline_scope log_x log_y "
        "range_x range_y render_mode title subtitle template width height"
    ),
    "line": (
        "data_frame x y line_group color line_dash symbol hover_name hover_data custom_data text facet_row "
        "facet_col facet_col_wrap facet_row_spacing facet_col_spacing error_x error_x_minus error_y error_y_minus "
        "animation_frame animation_group category_orders labels orientation color_discrete_sequence "
        "color_discrete_map line_dash_sequence line_dash_map symbol_sequence symbol_map markers log_x log_y range_x "
        "range_y line_shape render_mode title subtitle template width height"
    ),
    "area": (
        "data_frame x y line_group color pattern_shape symbol hover_name hover_data custom_data text facet_row "
        "facet_col facet_col_wrap facet_row_spacing facet_col_spacing animation_frame animation_group "
        "category_orders labels color_discrete_sequence color_discrete_map pattern_shape_sequence pattern_shape_map "
        "symbol_sequence symbol_map markers orientation groupnorm log_x log_y range_x range_y line_shape title "
        "subtitle template width height"
    ),
    "bar": (
        "data_frame x y color pattern_shape facet_row facet_col facet_col_wrap facet_row_spacing facet_col_spacing "
        "hover_name hover_data custom_data text base error_x error_x_minus error_y error_y_minus animation_frame "
        "animation_group category_orders labels color_discrete_sequence color_discrete_map color_continuous_scale "
        "pattern_shape_sequence pattern_shape_map range_color color_continuous_midpoint opacity orientation barmode "
        "log_x log_y range_x range_y text_auto title subtitle template width height"
    ),
    "histogram": (
        "data_frame x y color pattern_shape facet_row facet_col facet_col_wrap facet_row_spacing facet_col_spacing "
        "hover_name hover_data animation_frame animation_group category_orders labels color_discrete_sequence "
        "color_discrete_map pattern_shape_sequence pattern_shape_map marginal opacity orientation barmode barnorm "
        "histnorm log_x log_y range_x range_y histfunc cumulative nbins text_auto title subtitle template width "
        "height"
    ),
    "box": (
        "data_frame x y color facet_row facet_col facet_col_wrap facet_row_spacing facet_col_spacing hover_name "
        "hover_data custom_data animation_frame animation_group category_orders labels color_discrete_sequence "
        "color_discrete_map orientation boxmode log_x log_y range_x range_y points notched title subtitle template "
        "width height"
    ),
    "violin": (
        "data_frame x y color facet_row facet_col facet_col_wrap facet_row_spacing facet_col_spacing hover_name "
        "hover_data custom_data animation_frame animation_group category_orders labels color_discrete_sequence "
        "color_discrete_map orientation violinmode log_x log_y range_x range_y points box title subtitle template "
        "width height"
    ),
    "strip": (
        "data_frame x y color facet_row facet_col facet_col_wrap facet_row_spacing facet_col_spacing hover_name "
        "hover_data custom_data animation_frame animation_group category_orders labels color_discrete_sequence "
        "color_discrete_map orientation stripmode log_x log_y range_x range_y title subtitle template width height"
    ),
    "ecdf": (
        "data_frame x y color text line_dash symbol facet_row facet_col facet_col_wrap facet_row_spacing "
        "facet_col_spacing hover_name hover_data animation_frame animation_group markers lines category_orders "
        "labels color_discrete_sequence color_discrete_map line_dash_sequence line_dash_map symbol_sequence "
        "symbol_map marginal opacity orientation ecdfnorm ecdfmode render_mode log_x log_y range_x range_y title "
        "subtitle template width height"
    ),
    "density_heatmap": (
        "data_frame x y z facet_row facet_col facet_col_wrap facet_row_spacing facet_col_spacing hover_name "
        "hover_data animation_frame animation_group category_orders labels orientation color_continuous_scale "
        "range_color color_continuous_midpoint marginal_x marginal_y opacity log_x log_y range_x range_y histfunc "
        "histnorm nbinsx nbinsy text_auto title subtitle template width height"
    ),
    "density_contour": (
        "data_frame x y z color facet_row facet_col facet_col_wrap facet_row_spacing facet_col_spacing hover_name "
        "hover_data animation_frame animation_group category_orders labels orientation color_discrete_sequence "
        "color_discrete_map marginal_x marginal_y trendline trendline_options trendline_color_override "
        "trendline_scope log_x log_y range_x range_y histfunc histnorm nbinsx nbinsy text_auto title subtitle "
        "template width height"
    ),
    "pie": (
        "data_frame names values color facet_row facet_col facet_col_wrap facet_row_spacing facet_col_spacing "
        "color_discrete_sequence color_discrete_map hover_name hover_data custom_data category_orders labels title "
        "subtitle template width height opacity hole"
    ),
    "sunburst": (
        "data_frame names values parents path ids color color_continuous_scale range_color "
        "color_continuous_midpoint color_discrete_sequence color_discrete_map hover_name hover_data custom_data "
        "labels title subtitle template width height branchvalues maxdepth"
    ),
    "treemap": (
        "data_frame names values parents ids path color color_continuous_scale range_color "
        "color_continuous_midpoint color_discrete_sequence color_discrete_map hover_name hover_data custom_data "
        "labels title subtitle template width height branchvalues maxdepth"
    ),
    "icicle": (
        "data_frame names values parents path ids color color_continuous_scale range_color "
        "color_continuous_midpoint color_discrete_sequence color_discrete_map hover_name hover_data custom_data "
        "labels title subtitle template width height branchvalues maxdepth"
    ),
    "funnel": (
        "data_frame x y color facet_row facet_col facet_col_wrap facet_row_spacing facet_col_spacing hover_name "
        "hover_data custom_data text animation_frame animation_group category_orders labels color_discrete_sequence "
        "color_discrete_map opacity orientation log_x log_y range_x range_y title subtitle template width height"
    ),
    "funnel_area": (
        "data_frame names values color color_discrete_sequence color_discrete_map hover_name hover_data custom_data "
        "labels title subtitle template width height opacity"
    ),
    "scatter_3d": (
        "data_frame x y z color symbol size text hover_name hover_data custom_data error_x error_x_minus error_y "
        "error_y_minus error_z error_z_minus animation_frame animation_group category_orders labels size_max "
        "color_discrete_sequence color_discrete_map color_continuous_scale range_color color_continuous_midpoint "
        "symbol_sequence symbol_map opacity log_x log_y log_z range_x range_y range_z title subtitle template width "
        "height"
    ),
    "scatter_matrix": (
        "data_frame dimensions color symbol size hover_name hover_data custom_data category_orders labels "
        "color_discrete_sequence color_discrete_map color_continuous_scale range_color color_continuous_midpoint "
        "symbol_sequence symbol_map opacity size_max title subtitle template width height"
    ),
    "parallel_coordinates": (
        "data_frame dimensions color labels color_continuous_scale range_color color_continuous_midpoint title "
        "subtitle template width height"
    ),
    "parallel_categories": (
        "data_frame dimensions color labels color_continuous_scale range_color color_continuous_midpoint title "
        "subtitle template width height dimensions_max_cardinality"
    ),
    "scatter_polar": (
        "data_frame r theta color symbol size hover_name hover_data custom_data text animation_frame "
        "animation_group category_orders labels color_discrete_sequence color_discrete_map color_continuous_scale "
        "range_color color_continuous_midpoint symbol_sequence symbol_map opacity direction start_angle size_max "
        "range_r range_theta log_r render_mode title subtitle template width height"
    ),
    "line_polar": (
        "data_frame r theta color line_dash hover_name hover_data custom_data line_group text symbol "
        "animation_frame animation_group category_orders labels color_discrete_sequence color_discrete_map "
        "line_dash_sequence line_dash_map symbol_sequence symbol_map markers direction start_angle line_close "
        "line_shape render_mode range_r range_theta log_r title subtitle template width height"
    ),
    "bar_polar": (
        "data_frame r theta color pattern_shape hover_name hover_data custom_data base animation_frame "
        "animation_group category_orders labels color_discrete_sequence color_discrete_map color_continuous_scale "
        "pattern_shape_sequence pattern_shape_map range_color color_continuous_midpoint barnorm barmode direction "
        "start_angle range_r range_theta log_r title subtitle template width height"
    ),
    "scatter_ternary": (
        "data_frame a b c color symbol size text hover_name hover_data custom_data animation_frame animation_group "
        "category_orders labels color_discrete_sequence color_discrete_map color_continuous_scale range_color "
        "color_continuous_midpoint symbol_sequence symbol_map opacity size_max title subtitle template width height"
    ),
    "timeline": (
        "data_frame x_start x_end y color pattern_shape facet_row facet_col facet_col_wrap facet_row_spacing "
        "facet_col_spacing hover_name hover_data custom_data text animation_frame animation_group category_orders "
        "labels color_discrete_sequence color_discrete_map pattern_shape_sequence pattern_shape_map "
        "color_continuous_scale range_color color_continuous_midpoint opacity range_x range_y title subtitle "
        "template width height"
    ),
}
SCALES = {
    "Plotly3": "0508b8 1910d8 3c19f0 6b1cfb 981cfd bf1cfd dd2bfd f246fe fc67fd fe88fc fea5fd febefe fec3fe",
    "Viridis": "440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725",
    "Cividis": "00224e 123570 3b496c 575d6d 707173 8a8678 a59c74 c3b369 e1cc55 fee838",
    "Inferno": "000004 1b0c41 4a0c6b 781c6d a52c60 cf4446 ed6925 fb9b06 f7d13d fcffa4",
    "Magma": "000004 180f3d 440f76 721f81 9e2f7f cd4071 f1605d fd9668 feca8d fcfdbf",
    "Plasma": "0d0887 46039f 7201a8 9c179e bd3786 d8576b ed7953 fb9f3a fdca26 f0f921",
    "Turbo": (
        "30123b 4145ab 4675ed 39a2fc 1bcfd4 24eca6 61fc6c a4fc3b d1e834 f3c63a fe9b2d f36315 d93806 b11901 7a0402"
    ),
    "Blackbody": "000000 e60000 e6d200 ffffff a0c8ff",
    "Bluered": "0000ff ff0000",
    "Electric": "000000 1e0064 780064 a05a00 e6c800 fffadc",
    "Hot": "000000 e60000 ffd200 ffffff",
    "Jet": "000083 003caa 05ffff ffff00 fa0000 800000",
    "Rainbow": "96005a 0000c8 0019ff 0098ff 2cff96 97ff00 ffea00 ff6f00 ff0000",
    "Blues": "f7fbff deebf7 c6dbef 9ecae1 6baed6 4292c6 2171b5 08519c 08306b",
    "BuGn": "f7fcfd e5f5f9 ccece6 99d8c9 66c2a4 41ae76 238b45 006d2c 00441b",
    "BuPu": "f7fcfd e0ecf4 bfd3e6 9ebcda 8c96c6 8c6bb1 88419d 810f7c 4d004b",
    "GnBu": "f7fcf0 e0f3db ccebc5 a8ddb5 7bccc4 4eb3d3 2b8cbe 0868ac 084081",
    "Greens": "f7fcf5 e5f5e0 c7e9c0 a1d99b 74c476 41ab5d 238b45 006d2c 00441b",
    "Greys": "ffffff f0f0f0 d9d9d9 bdbdbd 969696 737373 525252 252525 000000",
    "OrRd": "fff7ec fee8c8 fdd49e fdbb84 fc8d59 ef6548 d7301f b30000 7f0000",
    "Oranges": "fff5eb fee6ce fdd0a2 fdae6b fd8d3c f16913 d94801 a63603 7f2704",
    "PuBu": "fff7fb ece7f2 d0d1e6 a6bddb 74a9cf 3690c0 0570b0 045a8d 023858",
    "PuBuGn": "fff7fb ece2f0 d0d1e6 a6bddb 67a9cf 3690c0 02818a 016c59 014636",
    "PuRd": "f7f4f9 e7e1ef d4b9da c994c7 df65b0 e7298a ce1256 980043 67001f",
    "Purples": "fcfbfd efedf5 dadaeb bcbddc 9e9ac8 807dba 6a51a3 54278f 3f007d",
    "RdBu": "67001f b2182b d6604d f4a582 fddbc7 f7f7f7 d1e5f0 92c5de 4393c3 2166ac 053061",
    "RdPu": "fff7f3 fde0dd fcc5c0 fa9fb5 f768a1 dd3497 ae017e 7a0177 49006a",
    "Reds": "fff5f0 fee0d2 fcbba1 fc9272 fb6a4a ef3b2c cb181d a50f15 67000d",
    "YlGn": "ffffe5 f7fcb9 d9f0a3 addd8e 78c679 41ab5d 238443 006837 004529",
    "YlGnBu": "ffffd9 edf8b1 c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 253494 081d58",
    "YlOrBr": "ffffe5 fff7bc fee391 fec44f fe9929 ec7014 cc4c02 993404 662506",
    "YlOrRd": "ffffcc ffeda0 fed976 feb24c fd8d3c fc4e2a e31a1c bd0026 800026",
    "turbid": "e8f5ab dcdb89 d1c16b c7a853 ba8f42 aa793c 97673a 815738 684835 503b2e 392d25 221e1b",
    "thermal": "032333 0d3064 35329b 5d3e99 7e4d8f 9e5987 c16479 e17161 f68b45 fbad3c f6d346 e7fa5a",
    "haline": "29186b 2a23a0 0f4799 125f8e 267489 358888 419d85 51b27c 6fc66b a0d65b d4e170 fdee99",
    "solar": "331317 4f1c21 6c2424 872f20 9d4219 ae5814 bc6f13 c78916 d1a420 d9c02c dede3b e0fd4a",
    "ice": "030512 191933 2c2a57 3a3c7d 3e53a0 3e6db2 4886bb 599fc4 72b8cd 95cfd8 c0e5e8 eafcfd",
    "gray": "000000 101010 262626 3b3b3b 515050 666565 7c7b7a 929291 ababaa c5c5c3 e0e0df fefefd",
    "deep": "fdfdcc ceecb3 9cdba5 6fc9a3 56b1a3 4c99a0 44829b 3e6c96 3e528f 403c73 362b4d 271a2c",
    "dense": "e6f0f0 bfdde5 9cc9e2 81b4e3 739ae4 757fdd 7864ca 774aaf 71328d 641f68 501442 360e24",
    "algae": "d6f9cf bae4ae 9cd18f 7cbf73 55ae5b 259d51 078a4e 0d7547 175f3d 194b31 173723 112414",
    "matter": "fdedb0 facd91 f6ad77 f08e62 e76d54 d85053 c3385a a82860 8a1d63 6b185d 4c1550 2f0f3d",
    "speed": "fefccd efe19c ddc96a c2b63b 9da715 749905 4b8a14 237924 0b642c 124e2b 193822 172312",
    "amp": "f1ecec e6d1cb ddb6aa d59c89 cd8167 c46649 ba4a2f ac2c24 951327 780e28 590d1f 3c0911",
    "tempo": "fef5f4 dee0d2 bdceb5 99bd9c 6ead8a 419d81 19897d 127475 195e6a 1c485d 193350 141d43",
    "Burg": "ffc6c4 f4a3a8 e38191 cc607d ad466c 8b3058 672044",
    "Burgyl": "fbe6c5 f5ba98 ee8a82 dc7176 c8586c 9c3f5d 70284a",
    "Redor": "f6d2a9 f5b78e f19c7c ea8171 dd686c ca5268 b13f64",
    "Oryel": "ecda9a efc47e f3ad6a f7945d f97b57 f66356 ee4d5a",
    "Peach": "fde0c5 facba6 f8b58b f59e72 f2855d ef6a4c eb4a40",
    "Pinkyl": "fef6b5 ffdd9a ffc285 ffa679 fa8a76 f16d7a e15383",
    "Mint": "e4f1e1 b4d9cc 89c0b6 63a6a0 448c8a 287274 0d585f",
    "Blugrn": "c4e6c3 96d2a4 6dbc90 4da284 36877a 266b6e 1d4f60",
    "Darkmint": "d2fbd4 a5dbc2 7bbcb0 559c9e 3a7c89 235d72 123f5a",
    "Emrld": "d3f2a3 97e196 6cc08b 4c9b82 217a79 105965 074050",
    "Aggrnyl": "245668 0f7279 0d8f81 39ab7e 6ec574 a9dc67 edef5d",
    "Bluyl": "f7feae b7e6a5 7ccba2 46aea0 089099 00718b 045275",
    "Teal": "d1eeea a8dbd9 85c4c9 68abb8 4f90a6 3b738f 2a5674",
    "Tealgrn": "b0f2bc 89e8ac 67dba5 4cc8a3 38b2a3 2c98a0 257d98",
    "Purp": "f3e0f7 e4c7f1 d1afe8 b998dd 9f82ce 826dba 63589f",
    "Purpor": "f9ddda f2b9c4 e597b9 ce78b3 ad5fad 834ba0 573b88",
    "Sunset": "f3e79b fac484 f8a07e eb7f86 ce6693 a059a0 5c53a5",
    "Magenta": "f3cbd3 eaa9bd dd88ac ca699d b14d8e 91357d 6c2167",
    "Sunsetdark": "fcde9c faa476 f0746e e34f6f dc3977 b9257a 7c1d6f",
    "Agsunset": "4b2991 872ca2 c0369d ea4f88 fa7876 f6a97a edd9a3",
    "Brwnyl": "ede5cf e0c2a2 d39c83 c1766f a65461 813753 541f3f",
    "BrBG": "543005 8c510a bf812d dfc27d f6e8c3 f5f5f5 c7eae5 80cdc1 35978f 01665e 003c30",
    "PRGn": "40004b 762a83 9970ab c2a5cf e7d4e8 f7f7f7 d9f0d3 a6dba0 5aae61 1b7837 00441b",
    "PiYG": "8e0152 c51b7d de77ae f1b6da fde0ef f7f7f7 e6f5d0 b8e186 7fbc41 4d9221 276419",
    "PuOr": "7f3b08 b35806 e08214 fdb863 fee0b6 f7f7f7 d8daeb b2abd2 8073ac 542788 2d004b",
    "RdGy": "67001f b2182b d6604d f4a582 fddbc7 ffffff e0e0e0 bababa 878787 4d4d4d 1a1a1a",
    "RdYlBu": "a50026 d73027 f46d43 fdae61 fee090 ffffbf e0f3f8 abd9e9 74add1 4575b4 313695",
    "RdYlGn": "a50026 d73027 f46d43 fdae61 fee08b ffffbf d9ef8b a6d96a 66bd63 1a9850 006837",
    "Spectral": "9e0142 d53e4f f46d43 fdae61 fee08b ffffbf e6f598 abdda4 66c2a5 3288bd 5e4fa2",
    "balance": "171c42 293a8f 0b66bd 4590b9 8eb5c2 d2d8db e6d2cc d59d89 c46548 ac2b24 780e28 3c0911",
    "delta": "101f3f 263e90 1e6ea1 3c9aab 8cc1ba d9e5da efe29c c3b63b 739805 227824 124e2b 172312",
    "curl": "141d43 1c485d 127375 3f9c81 99bd9c dfe1d3 f1dace e0a089 cb6563 a43660 6f175b 330d35",
    "oxy": "3f0505 65060d 8a1109 605f5f 777676 8e8d8d a6a6a5 c1c0bf dededc eff85a e6d229 dcae19",
    "Armyrose": "798234 a3ad62 d0d3a2 fdfbe4 f0c6c3 df91a3 d46780",
    "Fall": "3d5941 778868 b5b991 f6edbd edbb8a de8a5a ca562c",
    "Geyser": "008080 70a494 b4c8a8 f6edbd edbb8a de8a5a ca562c",
    "Temps": "009392 39b185 9ccb86 e9e29c eeb479 e88471 cf597e",
    "Tealrose": "009392 72aaa1 b1c7b3 f1eac8 e5b9ad d98994 d0587e",
    "Tropic": "009b9e 42b7b9 a7d3d4 f1f1f1 e4c1d9 d691c1 c75dab",
    "Earth": "a16928 bd925a d6bd8d edeac2 b5c8b8 79a7ac 2887a1",
    "Picnic": "0000ff 3399ff 66ccff 99ccff ccccff ffffff ffccff ff99ff ff66cc ff6666 ff0000",
    "Portland": "0c3383 0a88ba f2d338 f28f38 d91e1e",
    "Twilight": "e2d9e2 9ebbc9 6785be 5e43a5 421257 471340 8e2c50 ba6657 ceac94 e2d9e2",
    "IceFire": (
        "000000 001f4d 003786 0e58a8 217eb8 30a4ca 54c8df 9be4ef e1e9d1 f3d573 e7b000 da8200 c65400 ac2301 820000 "
        "4c0000 000000"
    ),
    "Edge": (
        "313131 3d019d 3810dc 2d47f9 2593ff 2adef6 60fdfa aefdff f3f3f1 fffda9 fafd5b f7da29 ff8e25 f8432d d90d39 "
        "97023d 313131"
    ),
    "Phase": "a7770c c56033 d94360 dd26a3 c43be0 9961f4 5f7fe4 2890b7 0f9788 27994f 778d11 a7770c",
    "HSV": "ff0000 ffa700 afff00 08ff00 00ff9f 00b7ff 0010ff 9700ff ff00bf ff0000",
    "mrybm": (
        "f884f7 f968c4 ea4388 cf244b b51a15 bd4304 cc6904 d58f04 cfaa27 a19f62 588a93 2269c4 3e3ef0 6b4ef9 956bfa "
        "cd7dfe f884f7"
    ),
    "mygbm": (
        "ef55f1 fb84ce fbafa1 fcd471 f0ed35 c6e516 96d310 61c10b 31ac28 439064 3d719a 284ec8 2e21ea 6324f5 9139fa "
        "c543fa ef55f1"
    ),
}
SEQUENCES = {
    "Plotly": "636efa ef553b 00cc96 ab63fa ffa15a 19d3f3 ff6692 b6e880 ff97ff fecb52",
    "D3": "1f77b4 ff7f0e 2ca02c d62728 9467bd 8c564b e377c2 7f7f7f bcbd22 17becf",
    "G10": "3366cc dc3912 ff9900 109618 990099 0099c6 dd4477 66aa00 b82e2e 316395",
    "T10": "4c78a8 f58518 e45756 72b7b2 54a24b eeca3b b279a2 ff9da6 9d755d bab0ac",
    "Alphabet": (
        "aa0dfe 3283fe 85660d 782ab6 565656 1c8356 16ff32 f7e1a0 e2e2e2 1cbe4f c4451c dea0fd fe00fa 325a9b feaf16 "
        "f8a19f 90ad1c f6222e 1cffce 2ed9ff b10da1 c075a6 fc1cbf b00068 fbe426 fa0087"
    ),
    "Dark24": (
        "2e91e5 e15f99 1ca71c fb0d0d da16ff 222a2a b68100 750d86 eb663b 511cfb 00a08b fb00d1 fc0080 b2828d 6c7c32 "
        "778aae 862a16 a777f1 620042 1616a7 da60ca 6c4516 0d2a63 af0038"
    ),
    "Light24": (
        "fd3216 00fe35 6a76fc fed4c4 fe00ce 0df9ff f6f926 ff9616 479b55 eea6fb dc587d d626ff 6e899c 00b5f7 b68e00 "
        "c9fbe5 ff0092 22ffa7 e3ee9e 86ce00 bc7196 7e7dcd fc6955 e48f72"
    ),
    "Set1": "e41a1c 377eb8 4daf4a 984ea3 ff7f00 ffff33 a65628 f781bf 999999",
    "Pastel1": "fbb4ae b3cde3 ccebc5 decbe4 fed9a6 ffffcc e5d8bd fddaec f2f2f2",
    "Dark2": "1b9e77 d95f02 7570b3 e7298a 66a61e e6ab02 a6761d 666666",
    "Set2": "66c2a5 fc8d62 8da0cb e78ac3 a6d854 ffd92f e5c494 b3b3b3",
    "Pastel2": "b3e2cd fdcdac cbd5e8 f4cae4 e6f5c9 fff2ae f1e2cc cccccc",
    "Set3": "8dd3c7 ffffb3 bebada fb8072 80b1d3 fdb462 b3de69 fccde5 d9d9d9 bc80bd ccebc5 ffed6f",
    "Antique": "855c75 d9af6b af6458 736f4c 526a83 625377 68855c 9c9c5e a06177 8c785d 7c7c7c",
    "Bold": "7f3c8d 11a579 3969ac f2b701 e73f74 80ba5a e68310 008695 cf1c90 f97b72 a5aa99",
    "Pastel": "66c5cc f6cf71 f89c74 dcb0f2 87c55f 9eb9f3 fe88b1 c9db74 8be0a4 b497e7 b3b3b3",
    "Prism": "5f4690 1d6996 38a6a5 0f8554 73af48 edad08 e17c05 cc503e 94346e 6f4070 666666",
    "Safe": "88ccee cc6677 ddcc77 117733 332288 aa4499 44aa99 999933 882255 661100 888888",
    "Vivid": "e58606 5d69b1 52bca3 99c945 cc61b0 24796c daa51b 2f8ac4 764e9f ed645a a5aa99",
}
TEMPLATES = "ggplot2 seaborn simple_white plotly plotly_white plotly_dark presentation xgridoff ygridoff gridon none"
