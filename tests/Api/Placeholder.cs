namespace OrleansLb.Api.Tests;
