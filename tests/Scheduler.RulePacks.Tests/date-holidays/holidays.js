// Prints "CC 2026-01-01 name" for every public holiday of the countries (or their regions) and years given: node holidays.js CO,GB-SCT 2020 2035
const Holidays = require('date-holidays');
const [countries, first, last] = [process.argv[2].split(','), Number(process.argv[3]), Number(process.argv[4])];
for (const country of countries) {
  for (let year = first; year <= last; year++) {
    for (const day of new Holidays(...country.split('-')).getHolidays(year)) {
      if (day.type === 'public') console.log(`${country} ${day.date.slice(0, 10)} ${day.name}`);
    }
  }
}
