"""What AG Grid says itself, in the language of the installation."""

from typing import Any

from domain.wording import CATALOGUE, tr

TEXTS = {
    "applyFilter": tr("Apply"),
    "clearFilter": tr("Clear"),
    "resetFilter": tr("Reset"),
    "cancelFilter": tr("Cancel"),
    "filterOoo": tr("Filter..."),
    "empty": tr("Choose one"),
    "equals": tr("Equals"),
    "notEqual": tr("Does not equal"),
    "lessThan": tr("Less than"),
    "greaterThan": tr("Greater than"),
    "lessThanOrEqual": tr("Less than or equal to"),
    "greaterThanOrEqual": tr("Greater than or equal to"),
    "inRange": tr("Between"),
    "inRangeStart": tr("From"),
    "inRangeEnd": tr("To"),
    "contains": tr("Contains"),
    "notContains": tr("Does not contain"),
    "startsWith": tr("Begins with"),
    "endsWith": tr("Ends with"),
    "blank": tr("Blank"),
    "notBlank": tr("Not blank"),
    "before": tr("Before"),
    "after": tr("After"),
    "loadingOoo": tr("Loading..."),
    "loadingError": tr("ERR"),
    "noRowsToShow": tr("No Rows To Show"),
    "invalidDate": tr("Invalid Date"),
    "invalidNumber": tr("Invalid Number"),
    "ariaChecked": tr("checked"),
    "ariaUnchecked": tr("unchecked"),
    "ariaIndeterminate": tr("indeterminate"),
    "ariaColumnFiltered": tr("Column Filtered"),
    "ariaDateFilterInput": tr("Date Filter Input"),
    "ariaFilterColumn": tr("Press CTRL ENTER to open filter"),
    "ariaFilterFromValue": tr("Filter from value"),
    "ariaFilterInput": tr("Filter Input"),
    "ariaFilterMenuOpen": tr("Open Filter Menu"),
    "ariaFilterToValue": tr("Filter to Value"),
    "ariaFilterValue": tr("Filter Value"),
    "ariaFilteringOperator": tr("Filtering operator"),
    "ariaHeaderSelection": tr("Column with Header Selection"),
    "ariaLabelColumnFilter": tr("Column Filter"),
    "ariaLabelColumnMenu": tr("Column Menu"),
    "ariaLabelTooltip": tr("Tooltip"),
    "ariaRowSelectAll": tr("Press Space to toggle all rows selection"),
    "ariaRowSelectionDisabled": tr("Row Selection is disabled for this row"),
    "ariaRowToggleSelection": tr("Press Space to toggle row selection"),
    "ariaSkeletonCellLoading": tr("Row data is loading"),
    "ariaSkeletonCellLoadingFailed": tr("Row failed to load"),
    "ariaSortableColumn": tr("Press ENTER to sort"),
}
"""By the keys of AG Grid's `localeText`. In English they are its own texts, word for word."""

SPOKEN: dict[str, Any] = {"localeText": TEXTS} if CATALOGUE.messages else {}
"""The option of a grid that says so; none in English."""
