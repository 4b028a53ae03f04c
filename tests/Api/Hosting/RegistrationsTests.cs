using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Api.Hosting;

namespace OrleansLb.Api.Tests.Hosting;

/// <summary>Whoever stands before a registered service makes that, however it was registered.</summary>
public sealed class RegistrationsTests
{
    public static IEnumerable<TheoryDataRow<Func<IServiceCollection, IServiceCollection>>> Forms =>
    [
        new(services => services.AddSingleton<IService>(new Service(new()))) { TestDisplayName = "as itself" },
        new(services => services.AddSingleton<IService>(provider => new Service(provider.GetRequiredService<Part>()))) { TestDisplayName = "by who makes it" },
        new(services => services.AddSingleton<IService, Service>()) { TestDisplayName = "by its type" },
    ];

    [Theory, MemberData(nameof(Forms))]
    public void A_service_is_made_in_each_form_in_which_it_may_be_registered(Func<IServiceCollection, IServiceCollection> register)
    {
        var services = register(new ServiceCollection().AddSingleton<Part>());
        using var provider = services.BuildServiceProvider();
        Assert.IsType<Service>(services.Single(service => service.ServiceType == typeof(IService)).Make(provider));
    }

    private interface IService;

    private sealed class Part;

    private sealed class Service(Part part) : IService
    {
        public override string ToString() => $"with {part}";
    }
}
