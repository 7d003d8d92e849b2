//! Texts of exam.
