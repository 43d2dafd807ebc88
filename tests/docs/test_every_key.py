"""Every key of a project file has a test of its effect: the table says which, and no key may be missing from it."""

import ast
from pathlib import Path

import msgspec
import pytest

from domain import description, templates

ROOT = Path(__file__).parents[2]
INGEST, DOMAIN = "tests/ingest", "tests/domain"
NAMING = "tests/dash_views/test_naming.py"
FILE, TYPES, EFFECTS = f"{DOMAIN}/test_project_file.py", f"{INGEST}/test_types.py", f"{INGEST}/test_key_effects.py"
JOINS, LINKS, TEMPLATES = f"{INGEST}/test_joins.py", f"{DOMAIN}/test_links.py", f"{DOMAIN}/test_templates.py"
BAD, SCAN, STEPS = f"{INGEST}/test_bad_input.py", f"{INGEST}/test_scan.py", f"{INGEST}/test_incremental.py"
NAMING = "tests/dash_views/test_naming.py"
LINKED = "tests/services/test_linked_queries.py"
SHOWN = "tests/web/test_workflows_shown.py::test_what_a_workflow_says_of_itself_is_on_the_page"
RESOLVED, TEMPLATED = "tests/persistence/frames/test_frames_links.py", "tests/cli/test_run_directly.py"

TESTED = {
    "ProjectDescription.name": SHOWN,
    "ProjectDescription.project_type": SHOWN,
    "ProjectDescription.is_public": SHOWN,
    "ProjectDescription.description": SHOWN,
    "ProjectDescription.data_management_platform_project_url": SHOWN,
    "ProjectDescription.workflows": SHOWN,
    "ProjectDescription.joins": f"{JOINS}::test_kinds_of_join",
    "ProjectDescription.links": f"{LINKED}::test_a_filter_on_metadata_narrows_every_linked_collection",
    "WorkflowDescription.name": SHOWN,
    "WorkflowDescription.engine": SHOWN,
    "WorkflowDescription.data_location": f"{SCAN}::test_runs_are_folders_whose_name_begins_as_the_pattern_says",
    "WorkflowDescription.data_collections": f"{STEPS}::test_new_changed_vanished_unchanged",
    "WorkflowDescription.version": SHOWN,
    "WorkflowDescription.description": SHOWN,
    "WorkflowDescription.catalog": SHOWN,
    "WorkflowDescription.repository_url": SHOWN,
    "Engine.name": SHOWN,
    "Engine.version": SHOWN,
    "Catalog.name": SHOWN,
    "Catalog.url": SHOWN,
    "DataLocation.locations": f"{BAD}::test_placeholders_come_from_the_environment",
    "DataLocation.structure": f"{SCAN}::test_a_flat_location_is_one_run",
    "DataLocation.runs_regex": f"{SCAN}::test_runs_are_folders_whose_name_begins_as_the_pattern_says",
    "CollectionDescription.data_collection_tag": f"{STEPS}::test_new_changed_vanished_unchanged",
    "CollectionDescription.config": f"{STEPS}::test_other_formats",
    "CollectionDescription.description": SHOWN,
    "CollectionDescription.optional": f"{BAD}::test_no_file_fails_unless_the_collection_is_optional",
    "CollectionConfig.type": f"{TYPES}::test_boundaries_are_rows",
    "CollectionConfig.metatype": f"{JOINS}::test_runs_join_the_keys",
    "CollectionConfig.scan": f"{SCAN}::test_depth_and_ignored_names",
    "CollectionConfig.dc_specific_properties": f"{STEPS}::test_other_formats",
    "Scan.mode": f"{INGEST}/test_examples.py::test_iris_has_150_rows",
    "Scan.scan_parameters": f"{SCAN}::test_depth_and_ignored_names",
    "ScanParameters.filename": f"{INGEST}/test_examples.py::test_iris_has_150_rows",
    "ScanParameters.regex_config": f"{FILE}::test_patterns_match_whole_names_and_capture",
    "ScanParameters.max_depth": f"{SCAN}::test_depth_and_ignored_names",
    "ScanParameters.ignore": f"{SCAN}::test_depth_and_ignored_names",
    "RegexConfig.pattern": f"{FILE}::test_patterns_match_whole_names_and_capture",
    "RegexConfig.wildcards": f"{STEPS}::test_wildcards_and_kept_columns",
    "Wildcard.name": f"{STEPS}::test_wildcards_and_kept_columns",
    "Wildcard.wildcard_regex": f"{FILE}::test_patterns_match_whole_names_and_capture",
    "TableProperties.format": f"{INGEST}/test_formats.py::test_a_table_holds_what_the_file_holds",
    "TableProperties.polars_kwargs": f"{STEPS}::test_other_options_read_everything_anew",
    "TableProperties.keep_columns": f"{STEPS}::test_wildcards_and_kept_columns",
    "TableProperties.columns_description": f"{STEPS}::test_other_options_read_everything_anew",
    "TableProperties.columns_unit": f"{NAMING}::test_project_files_say_units_and_joins_take_them_over",
    "TableProperties.schema_overrides": f"{BAD}::test_a_clash_is_decided_by_schema_overrides",
    "TableProperties.lat_column": f"{EFFECTS}::test_columns_of_places_are_checked_and_taken_first",
    "TableProperties.lon_column": f"{EFFECTS}::test_columns_of_places_are_checked_and_taken_first",
    "TableProperties.image_column": f"{TYPES}::test_the_files_that_rows_name_are_stored",
    "TableProperties.local_images_path": f"{TYPES}::test_the_files_that_rows_name_are_stored",
    "TableProperties.s3_base_folder": f"{EFFECTS}::test_what_cannot_be_honoured_is_refused",
    "TableProperties.supported_formats": f"{TYPES}::test_what_is_no_image_is_refused",
    "TableProperties.thumbnail_size": f"{EFFECTS}::test_a_new_gallery_has_the_size_that_the_file_says",
    "TableProperties.feature_id_key": f"{TYPES}::test_boundaries_are_rows",
    "TableProperties.ladderize": f"{TYPES}::test_the_order_and_the_labels_of_a_tree",
    "TableProperties.metadata_dc_tag": f"{EFFECTS}::test_filters_on_metadata_reach_the_tips_of_a_tree",
    "TableProperties.metadata_taxon_column": f"{EFFECTS}::test_filters_on_metadata_reach_the_tips_of_a_tree",
    "TableProperties.tip_label_strategy": f"{TYPES}::test_the_order_and_the_labels_of_a_tree",
    "JoinDescription.name": f"{JOINS}::test_kinds_of_join",
    "JoinDescription.left_dc": f"{JOINS}::test_kinds_of_join",
    "JoinDescription.right_dc": f"{JOINS}::test_kinds_of_join",
    "JoinDescription.on_columns": f"{JOINS}::test_kinds_of_join",
    "JoinDescription.how": f"{JOINS}::test_kinds_of_join",
    "JoinDescription.workflow_name": f"{INGEST}/test_examples.py::test_penguins_have_342_rows",
    "JoinDescription.description": SHOWN,
    "JoinDescription.granularity": f"{JOINS}::test_the_finer_side_is_aggregated",
    "Granularity.aggregate_to": f"{JOINS}::test_the_finer_side_is_aggregated",
    "Granularity.numeric_default": f"{JOINS}::test_the_finer_side_is_aggregated",
    "Granularity.categorical_default": f"{JOINS}::test_the_finer_side_is_aggregated",
    "Granularity.column_overrides": f"{JOINS}::test_a_column_may_be_aggregated_otherwise",
    "ColumnOverride.column": f"{JOINS}::test_a_column_may_be_aggregated_otherwise",
    "ColumnOverride.function": f"{JOINS}::test_a_column_may_be_aggregated_otherwise",
    "LinkDescription.source_dc_tag": f"{LINKS}::test_tags_become_the_ids_of_collections",
    "LinkDescription.source_column": f"{LINKED}::test_a_filter_on_metadata_narrows_every_linked_collection",
    "LinkDescription.target_dc_tag": f"{LINKS}::test_tags_become_the_ids_of_collections",
    "LinkDescription.target_type": f"{EFFECTS}::test_what_cannot_be_honoured_is_refused",
    "LinkDescription.link_config": f"{LINKS}::test_each_resolver_accepts_its_own_keys",
    "LinkDescription.description": "tests/web/test_links_shown.py::test_the_page_lists_the_links",
    "LinkDescription.enabled": f"{LINKED}::test_links_lead_one_way_and_a_disabled_one_nowhere",
    "LinkConfig.resolver": f"{RESOLVED}::test_a_pattern_is_filled_in",
    "LinkConfig.target_field": f"{LINKS}::test_tags_become_the_ids_of_collections",
    "LinkConfig.mappings": f"{RESOLVED}::test_given_mappings_find_variants_and_back",
    "LinkConfig.pattern": f"{RESOLVED}::test_expressions_match_whole_values_with_the_key_in_its_place",
    "LinkConfig.case_sensitive": f"{RESOLVED}::test_case_counts_unless_the_link_says_otherwise",
    "Template.template_id": f"{TEMPLATED}::test_a_template_brings_its_dashboards",
    "Template.description": f"{TEMPLATED}::test_a_template_brings_its_dashboards",
    "Template.version": f"{TEMPLATED}::test_a_template_brings_its_dashboards",
    "Template.variables": f"{TEMPLATES}::test_variables_fill_every_text",
    "Template.dashboards": f"{TEMPLATED}::test_a_template_brings_its_dashboards",
    "Template.conditional": f"{TEMPLATES}::test_what_a_rule_removes_takes_its_joins_and_links_along",
    "Template.reference": f"{DOMAIN}/test_former_files.py::test_a_template_may_say_its_reference_data",
    "TemplateVariable.name": f"{TEMPLATES}::test_variables_fill_every_text",
    "TemplateVariable.description": f"{TEMPLATES}::test_a_required_variable_that_is_missing_is_named",
    "TemplateVariable.required": f"{TEMPLATES}::test_a_required_variable_that_is_missing_is_named",
    "TemplateRule.if_var_absent": f"{TEMPLATES}::test_what_a_rule_removes_takes_its_joins_and_links_along",
    "TemplateRule.if_var_present": f"{TEMPLATES}::test_variables_fill_every_text",
    "TemplateRule.remove_dc_tags": f"{TEMPLATES}::test_what_a_rule_removes_takes_its_joins_and_links_along",
    "TemplateRule.dashboards": f"{TEMPLATES}::test_variables_fill_every_text",
}
"""The test of each key; that every part may carry an `id` is in `test_words_may_have_any_case_and_ids_are_kept`."""


def keys() -> set[str]:
    """Every key that a project file may have, by its part."""
    parts = [
        part
        for module in (description, templates)
        for part in vars(module).values()
        if isinstance(part, type)
        and issubclass(part, description.Identifiable)
        and part is not description.Identifiable
    ]
    return {f"{part.__name__}.{field.encode_name}" for part in parts for field in msgspec.structs.fields(part)}


def test_every_key_has_a_test() -> None:
    assert {key for key in keys() if not key.endswith(".id")} == set(TESTED)


@pytest.mark.parametrize("place", sorted(set(TESTED.values())))
def test_the_test_of_a_key_exists(place: str) -> None:
    """Under that name, and it asserts something."""
    path, _, name = place.partition("::")
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    (test,) = [node for node in found if node.name == name]
    asserts = any(isinstance(node, ast.Assert) for node in ast.walk(test))
    assert asserts or any(word in ast.unparse(test) for word in ("raises(", "same_rows("))
