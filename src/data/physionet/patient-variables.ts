/** What a parameter of the files stands for. */
interface Variable {
  readonly name: string;
  readonly meaning: string;
  readonly unit: string;
}

/** What is known of a patient once, at hour 0; not among the series. */
export const descriptors: readonly string[] = ["RecordID", "Age", "Gender", "Height", "ICUType"];

/**
 * The 37 series of the PhysioNet challenge of 2012 (Silva et al., Computing in Cardiology 39:245, 2012), in the order of
 * the loaders of Rubanova et al. (arXiv 1907.03907) and Kelly et al. (arXiv 2007.04504).
 */
export const patientVariables: readonly Variable[] = [
  { name: "Weight", meaning: "weight", unit: "kg" },
  { name: "Albumin", meaning: "albumin", unit: "g/dL" },
  { name: "ALP", meaning: "alkaline phosphatase", unit: "IU/L" },
  { name: "ALT", meaning: "alanine transaminase", unit: "IU/L" },
  { name: "AST", meaning: "aspartate transaminase", unit: "IU/L" },
  { name: "Bilirubin", meaning: "bilirubin", unit: "mg/dL" },
  { name: "BUN", meaning: "blood urea nitrogen", unit: "mg/dL" },
  { name: "Cholesterol", meaning: "cholesterol", unit: "mg/dL" },
  { name: "Creatinine", meaning: "serum creatinine", unit: "mg/dL" },
  { name: "DiasABP", meaning: "invasive diastolic arterial pressure", unit: "mmHg" },
  { name: "FiO2", meaning: "fraction of inspired oxygen", unit: "1" },
  { name: "GCS", meaning: "Glasgow coma score", unit: "points" },
  { name: "Glucose", meaning: "serum glucose", unit: "mg/dL" },
  { name: "HCO3", meaning: "serum bicarbonate", unit: "mmol/L" },
  { name: "HCT", meaning: "haematocrit", unit: "%" },
  { name: "HR", meaning: "heart rate", unit: "1/min" },
  { name: "K", meaning: "serum potassium", unit: "mEq/L" },
  { name: "Lactate", meaning: "lactate", unit: "mmol/L" },
  { name: "Mg", meaning: "serum magnesium", unit: "mmol/L" },
  { name: "MAP", meaning: "invasive mean arterial pressure", unit: "mmHg" },
  { name: "MechVent", meaning: "mechanical ventilation", unit: "1" },
  { name: "Na", meaning: "serum sodium", unit: "mEq/L" },
  { name: "NIDiasABP", meaning: "diastolic pressure by cuff", unit: "mmHg" },
  { name: "NIMAP", meaning: "mean pressure by cuff", unit: "mmHg" },
  { name: "NISysABP", meaning: "systolic pressure by cuff", unit: "mmHg" },
  { name: "PaCO2", meaning: "arterial carbon dioxide pressure", unit: "mmHg" },
  { name: "PaO2", meaning: "arterial oxygen pressure", unit: "mmHg" },
  { name: "pH", meaning: "arterial pH", unit: "pH" },
  { name: "Platelets", meaning: "platelets", unit: "1/nL" },
  { name: "RespRate", meaning: "respiration rate", unit: "1/min" },
  { name: "SaO2", meaning: "oxygen saturation of haemoglobin", unit: "%" },
  { name: "SysABP", meaning: "invasive systolic arterial pressure", unit: "mmHg" },
  { name: "Temp", meaning: "temperature", unit: "°C" },
  { name: "TroponinI", meaning: "troponin I", unit: "µg/L" },
  { name: "TroponinT", meaning: "troponin T", unit: "µg/L" },
  { name: "Urine", meaning: "urine output", unit: "mL" },
  { name: "WBC", meaning: "white blood cells", unit: "1/nL" },
];
