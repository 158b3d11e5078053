/* SPDX-License-Identifier: BSD-3-Clause */
/* Every model's table, for the registry in models.c. */
#ifndef DEVICES_MODELS_H
#define DEVICES_MODELS_H

#include "devices/model.h"

extern const struct device_model device_spa301;
extern const struct device_model device_spa303;
extern const struct device_model device_spa501g;
extern const struct device_model device_spa502g;
extern const struct device_model device_spa504g;
extern const struct device_model device_spa508g;
extern const struct device_model device_spa509g;
extern const struct device_model device_spa512g;
extern const struct device_model device_spa514g;
extern const struct device_model device_spa521sg;
extern const struct device_model device_spa525g;
extern const struct device_model device_spa525g2;
extern const struct device_model device_wip310;
extern const struct device_model device_cp6821;
extern const struct device_model device_cp6841;
extern const struct device_model device_cp6851;
extern const struct device_model device_cp6861;
extern const struct device_model device_cp6871;
extern const struct device_model device_cp7940;
extern const struct device_model device_cp7960;

#endif
