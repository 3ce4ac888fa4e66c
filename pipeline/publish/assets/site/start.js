"use strict";
ogi.start();
