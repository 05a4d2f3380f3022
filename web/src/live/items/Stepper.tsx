import { Icon } from '../../shared/Icon.js';

interface StepperProps {
  value: number;
  most: number;
  label: string;
  fewerLabel: string;
  moreLabel: string;
  onChange: (next: number) => void;
}

/** A quantity by one thumb: minus, number, plus. */
export function Stepper({ value, most, label, fewerLabel, moreLabel, onChange }: StepperProps) {
  return (
    <fieldset class="stepper">
      <legend class="visually-hidden">{label}</legend>
      <button
        type="button"
        class="stepper-button"
        aria-label={fewerLabel}
        disabled={value <= 1}
        onClick={() => onChange(value - 1)}
      >
        <Icon name="minus" size={18} />
      </button>
      <output class="stepper-value numeric">{value}</output>
      <button
        type="button"
        class="stepper-button"
        aria-label={moreLabel}
        disabled={value >= most}
        onClick={() => onChange(value + 1)}
      >
        <Icon name="plus" size={18} />
      </button>
    </fieldset>
  );
}
