// ASSAY_API marks what a shared build of Assay exports. Everything else is hidden.
#pragma once

#define ASSAY_API __attribute__((visibility("default")))
