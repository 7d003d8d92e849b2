//! Texts of panels.
