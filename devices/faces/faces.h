/* SPDX-License-Identifier: BSD-3-Clause */
/* Every face's table, for the registry in faces.c. */
#ifndef DEVICES_FACES_FACES_H
#define DEVICES_FACES_FACES_H

#include "devices/face.h"

extern const struct device_face face_spa301, face_spa303, face_spa501g, face_spa502g, face_spa504g,
    face_spa508g, face_spa509g, face_spa525g2, face_wip310, face_cp6821, face_cp6851, face_cp6871,
    face_cp7940, face_cp7960;

#endif
