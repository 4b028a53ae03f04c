using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Speaker.Announcing;

namespace OrleansLb.Speaker.Tests.Announcing;

public class AnnouncementScheduleTests
{
    private static readonly AnnouncementOptions Defaults = new();

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Runs the schedule to its end, or for an hour, and returns when each key was told.</summary>
    private static List<(TimeSpan At, string Key)> Play(AnnouncementSchedule<string> schedule)
    {
        var told = new List<(TimeSpan, string)>();
        while (schedule.NextDue is { } due && due < TimeSpan.FromHours(1)) told.AddRange(schedule.TakeDue(due).Select(key => (due, key)));
        return told;
    }

    [Fact]
    public void An_address_is_told_at_once_and_every_1100_ms_for_5_s()
    {
        var schedule = new AnnouncementSchedule<string>(Defaults);
        schedule.Start("a", Ms(100));
        Assert.Equal([Ms(100), Ms(1200), Ms(2300), Ms(3400), Ms(4500)], Play(schedule).Select(told => told.At));
    }

    [Fact]
    public void Nothing_more_is_told_of_one_that_stopped()
    {
        var schedule = new AnnouncementSchedule<string>(Defaults);
        schedule.Start("a", Ms(0));
        schedule.Start("b", Ms(0));
        Assert.Equal(["a", "b"], schedule.TakeDue(Ms(0)));
        schedule.Stop("a");
        Assert.All(Play(schedule), told => Assert.Equal("b", told.Key));
        Assert.Null(schedule.NextDue);
    }

    [Fact]
    public void A_new_start_replaces_what_was_planned()
    {
        var schedule = new AnnouncementSchedule<string>(Defaults);
        schedule.Start("a", Ms(0));
        schedule.TakeDue(Ms(0));
        schedule.Start("a", Ms(1000));
        Assert.Equal([Ms(1000), Ms(2100), Ms(3200), Ms(4300), Ms(5400)], Play(schedule).Select(told => told.At));
    }

    [Fact]
    public void Refresh_goes_on_for_as_long_as_the_address_is_held()
    {
        var schedule = new AnnouncementSchedule<string>(Defaults with { Refresh = TimeSpan.FromMinutes(4) });
        schedule.Start("a", Ms(0));
        var told = Play(schedule).Select(told => told.At).ToList();
        Assert.Equal(Ms(4400) + TimeSpan.FromMinutes(4), told[5]);
        Assert.Equal(TimeSpan.FromMinutes(4), told[^1] - told[^2]);
    }

    [Fact]
    public void Many_addresses_leave_in_bursts_with_a_gap_between()
    {
        var schedule = new AnnouncementSchedule<string>(Defaults with { Duration = TimeSpan.Zero });
        for (var index = 0; index < 500; index++) schedule.Start($"{index}", Ms(0));
        var bursts = Play(schedule).GroupBy(told => told.At).ToList();
        Assert.Equal(500, bursts.SelectMany(burst => burst).Select(told => told.Key).Distinct().Count());
        Assert.All(bursts, burst => Assert.InRange(burst.Count(), 1, 64));
        Assert.All(bursts.Zip(bursts.Skip(1)), pair => Assert.Equal(Ms(5), pair.Second.Key - pair.First.Key));
    }

    [Fact]
    public void A_new_address_goes_before_repetitions_that_wait()
    {
        var schedule = new AnnouncementSchedule<string>(Defaults);
        for (var index = 0; index < 64; index++) schedule.Start($"{index}", Ms(0));
        Assert.Equal(64, schedule.TakeDue(Ms(0)).Count);
        schedule.Start("new", Ms(1200));
        Assert.Equal("new", schedule.TakeDue(Ms(1200))[0]);
    }

    [Fact]
    public void Every_key_is_told_as_often_as_any_other() => Prop.ForAll(Gen.Choose(1, 300).ToArbitrary(), Gen.Choose(1, 64).ToArbitrary(), (keys, burst) =>
    {
        var schedule = new AnnouncementSchedule<string>(Defaults with { Burst = burst });
        for (var index = 0; index < keys; index++) schedule.Start($"{index}", Ms(index));
        return Play(schedule).GroupBy(told => told.Key).Select(told => told.Count()).ToList() is var counts && counts.Count == keys
            && counts.All(count => count == 5);
    }).QuickCheckThrowOnFailure();
}
