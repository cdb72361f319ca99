using Scheduler.LoadTests.Traffic;

namespace Scheduler.LoadTests.Tests;

public sealed class WorkBookTests
{
    private readonly WorkBook _book = new();

    [Fact]
    public void A_debtor_accepted_and_not_placed_is_open()
    {
        _book.Accept(3);
        _book.Accept(200_000);
        _book.Place(3);
        Assert.Equal((2, 1, 1), (_book.Accepted, _book.Placed, _book.Open));
    }

    [Fact]
    public void An_entry_acknowledged_twice_counts_once()
    {
        _book.Accept(3);
        _book.Accept(3);
        Assert.Equal(1, _book.Accepted);
    }

    [Fact]
    public void A_second_contact_of_one_step_is_told()
    {
        _book.Place(7);
        _book.Place(7);
        Assert.Equal((1, 1), (_book.Placed, _book.PlacedAgain));
    }

    [Fact]
    public void Only_the_first_lease_of_a_debtor_is_the_first()
    {
        Assert.True(_book.Lease(9));
        Assert.False(_book.Lease(9));
        Assert.Equal(1, _book.Leased);
    }

    [Fact]
    public void A_due_instant_is_kept_for_its_debtor_alone()
    {
        _book.Appoint(70_000, 42);
        Assert.Equal((42, 0), (_book.DueOf(70_000), _book.DueOf(70_001)));
    }
}
