package sqlite

import (
	"sync"
	"testing"

	"yimi/indicators"
)

// The same reminder posted at once by several people is one letter; another
// text, another address and the text of the letter before the last are letters
// of their own.
func TestSameLetterIsPostedOnce(t *testing.T) {
	v := mustTown(t)
	a := indicators.Letter{Organisation: "education", To: "a@unit.example", Subject: "s", Text: "four are due"}
	b := indicators.Letter{Organisation: "health", To: "b@unit.example", Subject: "s", Text: "four are due"}
	_, err := v.PostLetters(v.ctx, v.auditor, now, []indicators.Letter{a})
	mustBe(t, err, indicators.Forbidden, "role")
	const people = 8
	var all sync.WaitGroup
	counts := make([]int, people)
	for n := range people {
		all.Go(func() {
			posted, err := v.PostLetters(v.ctx, v.office, now, []indicators.Letter{a, b})
			if err != nil {
				t.Error(err)
			}
			counts[n] = posted
		})
	}
	all.Wait()
	sum := 0
	for _, n := range counts {
		sum += n
	}
	if n := mustCount(t, v.Store, "SELECT count(*) FROM letters"); n != 2 || sum != 2 {
		t.Errorf("%d letters wait, %d are told of, want 2", n, sum)
	}
	other, moved := a, a
	other.Text, moved.To = "three are due", "c@unit.example"
	for _, x := range []struct {
		letters []indicators.Letter
		want    int
	}{{[]indicators.Letter{other, other}, 1}, {[]indicators.Letter{a, b}, 1}, {[]indicators.Letter{moved}, 1}, {[]indicators.Letter{moved}, 0}} {
		if n, err := v.PostLetters(v.ctx, v.office, now, x.letters); err != nil || n != x.want {
			t.Errorf("%+v: %d posted, %v, want %d", x.letters, n, err, x.want)
		}
	}
}

// A letter that was given up can be written again, word for word.
func TestAGivenUpLetterIsPostedAgain(t *testing.T) {
	v := mustTown(t)
	a := indicators.Letter{Organisation: "education", To: "a@unit.example", Subject: "s", Text: "four are due"}
	post := func(want int) {
		t.Helper()
		if n, err := v.PostLetters(v.ctx, v.office, now, []indicators.Letter{a}); err != nil || n != want {
			t.Errorf("%d posted, %v, want %d", n, err, want)
		}
	}
	post(1)
	at := now
	for range 100 {
		waiting, err := v.LettersWaiting(v.ctx, at, 1)
		if err != nil || len(waiting) == 0 {
			break
		}
		post(0) // it is still tried
		if err := v.LetterTried(v.ctx, waiting[0], at, "no route"); err != nil {
			t.Fatal(err)
		}
		at = indicators.RetryAt(waiting[0].Attempts+1, at)
	}
	post(1)
}
